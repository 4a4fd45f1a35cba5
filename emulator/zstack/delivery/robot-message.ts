import { createHmac } from "node:crypto";
import type { Posted } from "../../frame/outbound";
import { personsOf } from "../kinds/at-person";
import type { DingTalkEndpoint } from "../kinds/dingtalk-endpoint";
import type { Context } from "../rest/context";
import type { Store } from "../rest/store";
import type { ZStackSwitches } from "../switches";

/** What a message needs to know of an endpoint (section 5.9). */
export interface RobotTarget {
  readonly url: string;
  readonly secret: string | undefined;
  readonly atAll: boolean;
  readonly phoneNumbers: readonly string[];
}

/** A message before it is made out to an endpoint. */
export interface Notice {
  readonly title: string;
  readonly text: string;
}

/** Tries of the server before it gives up on a host (section 5.8); here without the second of pause in between. */
const TRIES = 5;

/** UNVERIFIED on ZStack Cloud: the title of test messages. */
const TEST_TITLE = "test connected";

/** What a message needs to know of a stored endpoint. */
export function endpointTarget(row: DingTalkEndpoint, store: Store): RobotTarget {
  const phoneNumbers = personsOf(row.uuid, store).map((person) => person.phoneNumber);
  return { url: row.url ?? "", secret: row.secret, atAll: row.atAll, phoneNumbers };
}

/** The address with the signature that DingTalk asks for, if there is a secret (section 5.9). */
export function signedUrl({ url, secret }: RobotTarget, nowMs: number): string {
  if (secret === undefined || secret === "") {
    return url;
  }
  const sign = createHmac("sha256", secret)
    .update(`${String(nowMs)}\n${secret}`)
    .digest("base64");
  return `${url}&timestamp=${String(nowMs)}&sign=${encodeURIComponent(sign)}`;
}

/**
 * The message about an alarm or an event (section 5.9). Persons stand in `at` as they are stored, and behind the text,
 * where DingTalk wants to see whom it shall mention; with atAll they are not used (section 5.7).
 */
export function noticeMessage(target: RobotTarget, { title, text }: Notice): Record<string, unknown> {
  const mentioned = target.atAll ? [] : target.phoneNumbers.map((phone) => `@${phone}`);
  return robotMessage(target, title, `# ${title}\n${text}\n\n${mentioned.join("")}`);
}

/** The message of a test connection (section 5.8): its text is the caller's. */
export function testMessage(
  target: RobotTarget,
  text: string,
  { testMessagePersons }: Pick<ZStackSwitches, "testMessagePersons">,
): Record<string, unknown> {
  if (testMessagePersons === "at") {
    return robotMessage(target, TEST_TITLE, text);
  }
  const marks = target.atAll ? [] : target.phoneNumbers.map((phone) => `<at user_id="${phone}"></at>`);
  const marked = marks.length === 0 ? text : `${text}\n\n${marks.join("")}`;
  return robotMessage({ ...target, phoneNumbers: [] }, TEST_TITLE, marked);
}

function robotMessage(
  { atAll, phoneNumbers }: RobotTarget,
  title: string,
  text: string,
): Record<string, unknown> {
  const atMobiles = atAll || phoneNumbers.length === 0 ? {} : { atMobiles: phoneNumbers };
  return { markdown: { title, text }, msgtype: "markdown", at: { isAtAll: atAll, ...atMobiles } };
}

/** Posts a message, several times if need be; `undefined` when nobody answers with success or it would leave the machine. */
export async function deliver(
  target: RobotTarget,
  message: Record<string, unknown>,
  { clock, outbound }: Context,
): Promise<Posted | undefined> {
  if (outbound.resolve(target.url) === undefined) {
    return undefined;
  }
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await outbound.post(signedUrl(target, clock.now()), message);
    if (answer !== undefined && answer.status >= 200 && answer.status < 300) {
      return answer;
    }
  }
  return undefined;
}
