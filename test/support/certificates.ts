/**
 * Certificates made on the spot: an authority of our own, and leaves for any names and dates. Written as DER by
 * hand (RFC 5280) so that the tests need neither a tool nor a stored private key.
 */
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { isIP } from "node:net";

/** What a TLS server needs. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** The authority's certificate as PEM. */
  readonly cert: string;
  /** An authority below this one. */
  issueAuthority(name: string): Authority;
  /** A certificate for `names` (host names or IPv4 addresses), valid from yesterday unless told otherwise. */
  issue(names: readonly string[], validity?: { notBefore: Date; notAfter: Date }): ServerIdentity;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function createAuthority(name = "Test authority"): Authority {
  const own = newKey();
  return authority(name, own, { name, key: own });
}

function authority(name: string, own: KeyPair, issuer: { name: string; key: KeyPair }): Authority {
  const extensions = [IS_AUTHORITY];
  const cert = certificate({ subject: name, issuer: issuer.name, key: own, signer: issuer.key, extensions });
  return {
    cert,
    issueAuthority: (below) => authority(below, newKey(), { name, key: own }),
    issue(names, validity) {
      const key = newKey();
      const subject = names[0] ?? "unnamed";
      const extensions = [alternativeNames(names)];
      const signed = { subject, issuer: name, key, signer: own, extensions, ...(validity && { validity }) };
      return { cert: certificate(signed), key: pem(key) };
    },
  };
}

/** A certificate that vouches for itself. */
export function createSelfSigned(names: readonly string[]): ServerIdentity {
  const key = newKey();
  const name = names[0] ?? "unnamed";
  const cert = certificate({
    subject: name,
    issuer: name,
    key,
    signer: key,
    extensions: [alternativeNames(names)],
  });
  return { cert, key: pem(key) };
}

/** A validity that ended a day ago. */
export function expired(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - 30 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) };
}

/** A validity that begins in a month. */
export function notYetValid(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() + 30 * DAY_MS), notAfter: new Date(Date.now() + 60 * DAY_MS) };
}

interface CertificateData {
  readonly subject: string;
  readonly issuer: string;
  readonly key: KeyPair;
  readonly signer: KeyPair;
  readonly extensions: readonly Buffer[];
  readonly validity?: { readonly notBefore: Date; readonly notAfter: Date };
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

let serial = 0;

function certificate(data: CertificateData): string {
  const { notBefore, notAfter } = data.validity ?? {
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 30 * DAY_MS),
  };
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer(++serial),
    ECDSA_WITH_SHA256,
    commonName(data.issuer),
    sequence(time(notBefore), time(notAfter)),
    commonName(data.subject),
    data.key.publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...data.extensions)),
  );
  const der = sequence(body, ECDSA_WITH_SHA256, bitString(sign("sha256", body, data.signer.privateKey)));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

function newKey(): KeyPair {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function pem({ privateKey }: KeyPair): string {
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function tagged(tag: number, ...content: Buffer[]): Buffer {
  const value = Buffer.concat(content);
  const size = value.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}

function sequence(...content: Buffer[]): Buffer {
  return tagged(0x30, ...content);
}

function integer(value: number): Buffer {
  return tagged(0x02, Buffer.from([value >> 8, value & 0xff].slice(value < 128 ? 1 : 0)));
}

function bitString(content: Buffer): Buffer {
  return tagged(0x03, Buffer.from([0]), content);
}

function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  return tagged(0x17, Buffer.from(digits.slice(2)));
}

function commonName(name: string): Buffer {
  const attribute = sequence(tagged(0x06, Buffer.from([0x55, 4, 3])), tagged(0x0c, Buffer.from(name)));
  return sequence(tagged(0x31, attribute));
}

function extension(id: number, value: Buffer): Buffer {
  return sequence(tagged(0x06, Buffer.from([0x55, 0x1d, id])), tagged(0x04, value));
}

function alternativeNames(names: readonly string[]): Buffer {
  const encoded = names.map((name) =>
    isIP(name) === 4
      ? tagged(0x87, Buffer.from(name.split(".").map(Number)))
      : tagged(0x82, Buffer.from(name, "ascii")),
  );
  return extension(17, sequence(...encoded));
}

const ECDSA_WITH_SHA256 = sequence(tagged(0x06, Buffer.from([0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2])));
const IS_AUTHORITY = extension(19, sequence(tagged(0x01, Buffer.from([0xff]))));
