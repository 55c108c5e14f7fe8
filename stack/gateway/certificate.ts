import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

/** Files of a certificate authority made for one run, and of the gateway's certificate that it signed. All PEM. */
export interface GatewayCertificate {
  readonly caFile: string;
  readonly caPem: string;
  readonly certFile: string;
  readonly keyFile: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const validityMs = 24 * 3600 * 1000;

/**
 * Makes a certificate authority and a certificate for `hosts` in `folder`. They live one day and one run: clients
 * withhold `Secure` cookies on plain HTTP, so the gateway has to speak TLS that the load generator really verifies.
 */
export async function makeGatewayCertificate(folder: string, hosts: readonly string[]): Promise<GatewayCertificate> {
  // A client's clock may be a little behind ours.
  const notBefore = new Date(Date.now() - 60_000);
  const notAfter = new Date(Date.now() + validityMs);
  const caKeys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Gauntlet run CA',
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    keys: caKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=Gauntlet gateway',
    issuer: ca.subject,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    extensions: [
      new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: 'dns' as const, value }))),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const files = {
    caFile: join(folder, 'ca.pem'),
    caPem: ca.toString('pem'),
    certFile: join(folder, 'gateway.pem'),
    keyFile: join(folder, 'gateway-key.pem'),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(files.caFile, files.caPem);
  await writeFile(files.certFile, certificate.toString('pem'));
  await writeFile(files.keyFile, x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'), { mode: 0o600 });
  return files;
}
