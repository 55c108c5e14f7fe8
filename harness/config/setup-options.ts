import { z } from 'zod';
import { checkOptions } from './check-options.js';
import { oneOf } from './one-of.js';

/**
 * Checks the options of `gauntlet setup` as the command line gives them.
 *
 * @throws GauntletError naming every problem at once
 */
export function checkSetupOptions<Traefik extends string>(
  raw: Readonly<Record<string, unknown>>,
  known: { readonly traefik: readonly Traefik[] },
): { readonly traefik: Traefik } {
  return checkOptions(z.object({ traefik: oneOf(known.traefik) }), raw, {
    flags: { traefik: '--traefik' },
    hint: 'gauntlet setup --help shows the options.',
  });
}
