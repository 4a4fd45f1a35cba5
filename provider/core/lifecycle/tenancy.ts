import { WrongTenancyError } from "../errors";

/**
 * Which installation an object lives in, as recorded in state: without it, a changed connection would make every object
 * look deleted. Holds no secret.
 */
export interface Tenancy {
  /** The installation, for example `http://10.0.0.5:8080/zstack` or `china`. */
  readonly site: string;
  /** The account, where it is known. Objects of other accounts may be invisible. */
  readonly account?: string | undefined;
  /** A fingerprint of who connected, which stands in for the account where that is not known. */
  readonly principal?: string | undefined;
  /** Whether whoever answered there was believed without a certificate. */
  readonly unverified?: true | undefined;
}

/** Whether both name the same installation, and not provably different accounts. */
export function isSameTenancy(a: Tenancy, b: Tenancy): boolean {
  return a.site === b.site && (a.account === undefined || b.account === undefined || a.account === b.account);
}

/**
 * Refuses to take absence for "gone" when the connection no longer points where the object was made.
 *
 * @param what the object in words, for example `DingTalk endpoint 917f…`
 * @throws WrongTenancyError naming both places and the ways out
 */
export function requireSameTenancy(what: string, recorded: Tenancy | undefined, current: Tenancy): void {
  if (recorded === undefined || isSameTenancy(recorded, current)) {
    return;
  }
  throw new WrongTenancyError(`${what} was not found, but this connection is not the one it was made with.`, {
    facts: { "Recorded in": inWords(recorded), "Connected to": inWords(current) },
    hint:
      "Nothing was changed. Point the connection back to where the object lives; or, if it really is gone there, " +
      "remove it from the stack with `pulumi state delete`.",
  });
}

/** A tenancy in one phrase. */
export function inWords(tenancy: Tenancy): string {
  return tenancy.account === undefined ? tenancy.site : `${tenancy.site} (account ${tenancy.account})`;
}
