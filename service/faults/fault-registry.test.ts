import { expect, it } from 'vitest';
import type { Fault } from './fault.js';
import { FaultRegistry } from './fault-registry.js';

function touchedOf(registry: FaultRegistry): number[] {
  return registry.list().map(({ touched }) => touched);
}

it('lets about the asked share of requests suffer, the same ones each time', () => {
  const draw = (): boolean[] => {
    const registry = new FaultRegistry();
    registry.place({ kind: 'status', status: 503, rate: 0.3 });
    return Array.from({ length: 1000 }, () => registry.take({}) !== undefined);
  };
  const suffered = draw().filter(Boolean).length;
  expect(suffered).toBeGreaterThan(250);
  expect(suffered).toBeLessThan(350);
  expect(draw()).toEqual(draw());
});

it.each<[string, Fault['header'], boolean[]]>([
  ['a header', { name: 'X-Chaos' }, [true, true, false]],
  ['a header with a value', { name: 'x-chaos', value: 'yes' }, [true, false, false]],
])('lets only requests with %s suffer', (_what, header, expected) => {
  const registry = new FaultRegistry();
  registry.place({ kind: 'status', status: 503, header });
  const requests = [{ 'x-chaos': 'yes' }, { 'x-chaos': 'no' }, { other: 'yes' }];
  expect(requests.map((headers) => registry.take(headers) !== undefined)).toEqual(expected);
});

it('counts a fault when it bites, and gives it to another request when it did not', () => {
  const registry = new FaultRegistry();
  registry.place({ kind: 'error-chunk', atToken: 5, count: 1 });
  const first = registry.take({});
  expect(registry.take({})).toBeUndefined();
  first?.settle();
  expect(touchedOf(registry)).toEqual([0]);
  const second = registry.take({});
  second?.bite();
  second?.bite();
  second?.settle();
  expect(touchedOf(registry)).toEqual([1]);
  expect(registry.take({})).toBeUndefined();
});

it('takes the next fault when the conditions of an older one are not met', () => {
  const registry = new FaultRegistry();
  registry.place({ kind: 'status', status: 500, header: { name: 'x-chaos' } });
  registry.place({ kind: 'status', status: 501 });
  expect(registry.take({})?.fault).toMatchObject({ status: 501 });
  expect(registry.take({ 'x-chaos': '1' })?.fault).toMatchObject({ status: 500 });
});
