/** Globals that k6 gives a script besides its modules. */
declare const console: { log(message: string): void };
