import { join } from 'node:path';
import type { ArmLedger } from '../../harness/model/ledger.js';
import { type RecordedArm, type Recording, runFiles } from '../../harness/model/recording.js';
import type { PlannedArrival } from '../../harness/model/traffic.js';
import { readClient } from './read-client.js';
import { readFaults } from './read-faults.js';
import { readAccessLog, readScrapes } from './read-gateway.js';
import { readJournals } from './read-service.js';

/**
 * Builds the ledgers of all arms of a run from its evidence files: what each vantage recorded, told apart by arm and put
 * in time order. What is missing or damaged becomes a gap of every arm that it concerns; nothing is thrown for it.
 *
 * @param planned the arrivals that an arm's schedule asked for
 */
export async function buildLedger(
  folder: string,
  recording: Recording,
  planned: (arm: RecordedArm) => readonly PlannedArrival[],
): Promise<Map<string, ArmLedger>> {
  const [access, scrapes, journals, faults] = await Promise.all([
    readAccessLog(join(folder, runFiles.accessLog)),
    readScrapes(join(folder, runFiles.scrapes)),
    readJournals(join(folder, runFiles.journals)),
    readFaults(join(folder, runFiles.faults)),
  ]);
  const shared = [access, scrapes, journals, faults].flatMap((each) => each.gaps);
  const ledgers = recording.arms.map(async (arm): Promise<[string, ArmLedger]> => {
    const client = await readClient(join(folder, runFiles.client(arm.name), runFiles.clientRecords));
    const ofArm = ({ requestId }: { requestId: string }): boolean => armOf(requestId) === arm.name;
    return [
      arm.name,
      {
        arm: arm.name,
        policy: arm.policy,
        links: arm.links,
        startedAt: arm.startedAt,
        planned: planned(arm),
        client: client.rows.toSorted((a, b) => a.sentAt - b.sentAt),
        gateway: access.rows.filter((row) => row.route === arm.name),
        service: journals.rows.filter(ofArm),
        faults: faults.rows.filter((fault) => fault.arm === arm.name),
        scrapes: scrapes.rows.map((scrape) => scrape.of(arm.name)),
        gaps: [...shared, ...client.gaps, ...loadGaps(arm)],
      },
    ];
  });
  return new Map(await Promise.all(ledgers));
}

/** The arm in a request id `<arm>.<client>.<number>`. */
function armOf(requestId: string): string {
  return requestId.split('.').slice(0, -2).join('.');
}

/** What k6 itself complained about, in its own words. */
function loadGaps(arm: RecordedArm): string[] {
  if (arm.load === undefined) return ['the load generator never ran to its end'];
  const { exitCode, errors } = arm.load;
  const words =
    errors.length === 0 ? '' : `: ${errors[0]}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''}`;
  if (exitCode !== 0) return [`k6 ended with ${exitCode === null ? 'a signal' : `code ${exitCode}`}${words}`];
  return errors.length === 0 ? [] : [`k6 reported errors${words}`];
}
