import { createHmac, timingSafeEqual } from "node:crypto";
import type { WireRequest } from "../frame/exchange";
import type { Group } from "./entities";
import { insecure } from "./errors";

/** HMAC-SHA256 over timestamp and secret, base64; goes into the query percent-encoded. */
export function sign(timestamp: string, secret: string): string {
  return createHmac("sha256", secret).update(`${timestamp}\n${secret}`).digest("base64");
}

/**
 * Verifies the signature of a message for a group with a secret; for every other group there is nothing to verify.
 * @returns whether there was a signature that counts
 */
export function verifySignature(
  { query }: WireRequest,
  { secret }: Group,
  nowMs: number,
  windowMs: number,
): boolean {
  if (secret === undefined || secret === "") {
    return false;
  }
  const timestamp = query.get("timestamp") ?? "";
  const given = query.get("sign") ?? "";
  // UNVERIFIED: what is said first where both are wrong.
  if (!/^\d{1,15}$/.test(timestamp) || Math.abs(nowMs - Number(timestamp)) > windowMs) {
    insecure("invalid timestamp");
  }
  if (!sameText(given, sign(timestamp, secret))) {
    insecure("sign not match");
  }
  return true;
}

/** Refuses an address that is not on the list, if there is one. */
export function checkAddress({ remoteAddress }: WireRequest, { allowedAddresses }: Group): void {
  if (allowedAddresses.length === 0 || allowedAddresses.includes(remoteAddress)) {
    return;
  }
  insecure(`ip ${remoteAddress} not in whitelist`);
}

/** Refuses a message that contains none of the keywords, if there are any. UNVERIFIED: letter case counts. */
export function checkKeywords(words: string, { keywords }: Group): void {
  if (keywords.length === 0 || keywords.some((keyword) => words.includes(keyword))) {
    return;
  }
  insecure("keywords not in content");
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
