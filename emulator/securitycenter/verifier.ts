import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../frame/clock";
import type { Account } from "./account";
import type { Claim } from "./claim";
import type { AccessKey } from "./entities";
import { fail, failMissing } from "./errors";
import { Nonces, SIGNATURE_WINDOW_MS } from "./nonces";
import type { RpcRequest } from "./rpc-request";
import { readV1 } from "./signature-v1";
import { readV3 } from "./signature-v3";

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Decides who a request comes from: one site's gate, in the order of 14.2. */
export class Verifier {
  private readonly account: Account;
  private readonly clock: Clock;
  private readonly nonces: Nonces;

  constructor(account: Account, clock: Clock) {
    this.account = account;
    this.clock = clock;
    this.nonces = new Nonces(clock);
  }

  /** Forgets the nonces. */
  reset(): void {
    this.nonces.clear();
  }

  /** The key that a request is signed with; throws when it is not, or not rightly. */
  verify(request: RpcRequest): AccessKey {
    const claim = readClaim(request);
    this.checkTimestamp(claim.timestamp);
    const key = this.keyOf(claim);
    this.checkToken(key, claim);
    checkSignature(key, claim);
    if (!this.nonces.use(`${claim.accessKeyId} ${claim.nonce}`)) {
      fail(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
    }
    return key;
  }

  private checkTimestamp(timestamp: string | undefined): void {
    if (timestamp === undefined || timestamp === "") {
      fail(400, "IllegalTimestamp", "The input parameter Timestamp that is mandatory is not supplied.");
    }
    const ms = TIMESTAMP.test(timestamp) ? Date.parse(timestamp) : NaN;
    if (Number.isNaN(ms)) {
      fail(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");
    }
    if (Math.abs(ms - this.clock.now()) > SIGNATURE_WINDOW_MS) {
      fail(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
    }
  }

  private keyOf({ accessKeyId }: Claim): AccessKey {
    const key = this.account.accessKeys.row(accessKeyId);
    if (key === undefined) {
      fail(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
    }
    if (key.status !== "Active") {
      fail(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.");
    }
    return key;
  }

  private checkToken(key: AccessKey, { securityToken }: Claim): void {
    if (key.securityToken === undefined && securityToken === undefined) {
      return;
    }
    if (securityToken === undefined || securityToken === "") {
      fail(400, "MissingSecurityToken", "SecurityToken is mandatory for this action.");
    }
    if (securityToken !== key.securityToken) {
      const isKnown = this.account.accessKeys.rows().some((row) => row.securityToken === securityToken);
      if (!isKnown && key.securityToken !== undefined) {
        fail(400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.");
      }
      fail(
        400,
        "InvalidSecurityToken.MismatchWithAccessKey",
        "Specified SecurityToken mismatch with the AccessKey.",
      );
    }
    if (key.expiresMs !== undefined && key.expiresMs <= this.clock.now()) {
      fail(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.");
    }
  }
}

function readClaim(request: RpcRequest): Claim {
  switch (request.signatureVersion) {
    case "V3":
      return readV3(request);
    case "V1":
      return readV1(request);
    case "none":
      return failMissing("AccessKeyId");
  }
}

function checkSignature(key: AccessKey, claim: Claim): void {
  // UNVERIFIED: the code for a body that is not the signed one.
  if (!claim.bodyIntact) {
    fail(400, "SignatureDoesNotMatch", "x-acs-content-sha256 is not the SHA-256 of the body.");
  }
  if (sameText(claim.sign(key.accessKeySecret), claim.signature)) {
    return;
  }
  const canonical =
    claim.canonicalRequest === undefined ? "" : ` server canonical request is:${claim.canonicalRequest}`;
  fail(
    400,
    "SignatureDoesNotMatch",
    `Specified signature is not matched with our calculation. server string to sign is:${claim.stringToSign}${canonical}`,
  );
}

/** Takes the same time wherever two texts of one length differ. */
function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
