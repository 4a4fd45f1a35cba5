import { WrongTenancyError } from "../../core/errors";
import { inWords } from "../../core/lifecycle/tenancy";
import type { Context } from "../../core/lifecycle/definition";
import type { RobotRow } from "../api/actions";
import type { SecurityCenterConnection } from "../connection";
import { ROBOT } from "./robot-noun";

/**
 * Robot ids are small numbers that every site and every account has: under the wrong connection an id means another robot, or none. So
 * both are compared before anything is believed or done.
 */

type Ctx = Context<SecurityCenterConnection>;

/**
 * Refuses to look for a robot at another site than the one it was made at. Before any call.
 *
 * @throws WrongTenancyError naming both
 */
export async function requireOwnSite(ctx: Ctx, id: string): Promise<void> {
  const current = await ctx.connection.tenancy();
  const recorded = ctx.recordedTenancy;
  if (recorded !== undefined && recorded.site !== current.site) {
    throw new WrongTenancyError(
      `The ${ROBOT} ${id} lives at another site of Security Center than this connection.`,
      {
        facts: { "Recorded in": inWords(recorded), "Connected to": current.site },
        hint: "Nothing was changed. Set securitycenter:site or the region back. Moving a robot means destroying it there and creating it here.",
      },
    );
  }
}

/**
 * Refuses to take a robot, or its absence, for ours when the account is another one.
 *
 * @param row what the list shows under the id
 * @throws WrongTenancyError naming both accounts
 */
export async function requireOwnAccount(ctx: Ctx, id: string, row: RobotRow | undefined): Promise<void> {
  const recorded = ctx.recordedTenancy;
  const current = await ctx.connection.tenancy();
  if (recorded === undefined) {
    return;
  }
  const what = `The ${ROBOT} ${id}`;
  const account = row?.AliUid ?? current.account;
  if (recorded.account !== undefined && account != null && account !== recorded.account) {
    throw new WrongTenancyError(`${what} belongs to another account than this connection.`, {
      facts: { "Recorded in": inWords(recorded), "Connected to": inWords({ site: current.site, account }) },
      hint: "Nothing was changed. Use the credentials of that account. Moving a robot means destroying it there and creating it here.",
    });
  }
  // An account without any robot does not say which one it is. Only the same permanent keys prove that it is ours.
  const isProvenSame = recorded.principal !== undefined && recorded.principal === current.principal;
  if (row === undefined && account == null && recorded.account !== undefined && !isProvenSame) {
    throw new WrongTenancyError(
      `${what} was not found, but this connection uses other keys, and their account has no robots at all.`,
      {
        facts: { "Recorded in": inWords(recorded) },
        hint: "Nothing was changed. Check that the keys belong to that account; if they do and the robot really is gone, remove it from the stack with `pulumi state delete`.",
      },
    );
  }
}
