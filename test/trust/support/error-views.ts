/** Secrets of every kind, and everything that can be printed of an error, to look for them in. */
import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { Planted } from "./planted";

export const planted = new Planted();
export const token = (n: string): string => `c4n4ry${createHash("sha256").update(n).digest("hex")}`;
export const SECRETS = {
  webhook: planted.plant(
    "webhook",
    `https://oapi.dingtalk.com/robot/send?access_token=${token("webhook")}`,
    token("webhook"),
  ),
  relay: planted.plant("relay", `https://relay.corp.example/hooks/${token("relay")}`, token("relay")),
  signing: planted.plant("signing secret", `SEC${token("signing").slice(6)}`),
  password: planted.plant("password", `pa"ss/${token("password").slice(0, 24)} &=+`),
  keySecret: planted.plant("access key secret", token("key").slice(0, 30)),
  stsToken: planted.plant("STS token", `CAIS${token("sts")}+/==`),
  session: planted.plant("session", createHash("md5").update("session").digest("hex")),
};

/** Every way in which an error comes to be read, its causes included. */
export function viewsOf(error: unknown): string {
  const views: string[] = [];
  for (let one: unknown = error, depth = 0; one instanceof Error && depth < 10; one = one.cause, depth++) {
    views.push(
      String(one),
      one.message,
      one.stack ?? "",
      asJson(one),
      asJson({ ...one, message: one.message, stack: one.stack }),
      inspect(one, {
        depth: Infinity,
        showHidden: true,
        maxStringLength: Infinity,
        maxArrayLength: Infinity,
      }),
      inspect(one, { depth: Infinity, compact: false }),
    );
  }
  return views.join("\n");
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // Only what leads back to itself, such as an error of the HTTP library, has no such view.
    return error instanceof TypeError ? "" : String(error);
  }
}
