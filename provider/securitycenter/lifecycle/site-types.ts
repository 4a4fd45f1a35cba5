import type { Context } from "../../core/lifecycle/definition";
import type { AlertRule } from "../fields/alert-rules";
import { isAlertKind, kindOfType, type AlertKind } from "../fields/alert-types";
import type { RobotRow } from "../api/actions";
import type { SecurityCenterConnection } from "../connection";
import { unpackAlertRules } from "../api/encodings";

type Ctx = Context<SecurityCenterConnection>;

/** Short kinds become the site's strings: on an update the robot's own, else what the site says it knows. */
export async function withFullTypes(
  ctx: Ctx,
  rules: readonly AlertRule[],
  live: RobotRow | undefined,
): Promise<AlertRule[]> {
  const liveTypes =
    (live === undefined ? undefined : unpackAlertRules(live.ConfigList))?.map((rule) => rule.type) ?? [];
  return Promise.all(
    rules.map(async (rule) => {
      if (!isAlertKind(rule.type)) {
        return rule;
      }
      const kind = rule.type;
      const live = liveTypes.find((type) => kindOfType(type) === kind);
      return { ...rule, type: live ?? (await typeAtSite(ctx, kind)) };
    }),
  );
}

async function typeAtSite(ctx: Ctx, kind: AlertKind): Promise<string> {
  const { type, isGuess } = await ctx.connection.typeFor(ctx, kind);
  if (isGuess) {
    ctx.log.warn(
      `alertRules: DescribeDataSource, which tells this site's alert types, was refused; "${kind}" is sent as "${type}". Grant the RAM action yundun-sas:DescribeDataSource, or write the type out in full.`,
    );
  }
  return type;
}
