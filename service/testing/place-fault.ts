import { TEST_TOKEN, type TestService } from './start-test-service.js';

const headers = { authorization: `Bearer ${TEST_TOKEN}` };

interface PlacedFaults {
  readonly faults: readonly { readonly id: string; readonly touched: number }[];
}

/** Puts a fault into a service; returns how many requests it has touched so far. */
export async function placeFault(
  { controlUrl }: Pick<TestService, 'controlUrl'>,
  fault: object,
): Promise<() => Promise<number>> {
  const url = `${controlUrl}/faults`;
  const placed = await fetch(url, { method: 'POST', headers, body: JSON.stringify(fault) });
  if (placed.status !== 201) throw new Error(await placed.text());
  const { id } = (await placed.json()) as { id: string };
  return async () => {
    const { faults } = (await (await fetch(url, { headers })).json()) as PlacedFaults;
    return faults.find((one) => one.id === id)?.touched ?? 0;
  };
}
