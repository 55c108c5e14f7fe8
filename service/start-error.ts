/**
 * The service cannot start for a reason its operator can remove: a wrong setting, a taken port, an unwritable file.
 * The message is complete in itself, so it is shown without a stack trace.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}
