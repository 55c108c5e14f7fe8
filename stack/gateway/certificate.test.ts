import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { makeGatewayCertificate } from './certificate.js';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-certificate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hosts = ['retry-subject.gauntlet.test', 'retry-control.gauntlet.test'];
const files = await makeGatewayCertificate(join(folder, 'tls'), hosts);
const ca = new X509Certificate(readFileSync(files.caFile));
const certificate = new X509Certificate(readFileSync(files.certFile));

describe("the gateway's certificate", () => {
  test('verifies against its authority and no other one', async () => {
    expect(certificate.checkIssued(ca)).toBe(true);
    expect(certificate.verify(ca.publicKey)).toBe(true);
    const other = await makeGatewayCertificate(join(folder, 'other'), hosts);
    expect(certificate.verify(new X509Certificate(other.caPem).publicKey)).toBe(false);
  });

  test.each(hosts)('names %s', (host) => {
    expect(certificate.checkHost(host)).toBe(host);
  });

  test('names nothing else', () => {
    expect(certificate.checkHost('sticky-subject.gauntlet.test')).toBeUndefined();
    expect(certificate.ca).toBe(false);
  });

  test('belongs to its key, which nobody else may read', () => {
    expect(certificate.checkPrivateKey(createPrivateKey(readFileSync(files.keyFile)))).toBe(true);
    expect(statSync(files.keyFile).mode & 0o777).toBe(0o600);
  });

  test('is valid now and for about a day', () => {
    const hours = (text: string) => (Date.parse(text) - Date.now()) / 3_600_000;
    expect(hours(certificate.validFrom)).toBeLessThan(0);
    expect(hours(certificate.validTo)).toBeGreaterThan(23);
    expect(hours(certificate.validTo)).toBeLessThanOrEqual(24);
  });
});

test('the authority signs itself, may sign others, and is at hand as text', () => {
  expect(ca.ca).toBe(true);
  expect(ca.verify(ca.publicKey)).toBe(true);
  expect(files.caPem).toBe(readFileSync(files.caFile, 'utf8'));
});
