import { internal, invalid, notFound } from "../errors";
import type { Inventory } from "../inventory";
import { listOf, requiredText, textOf, type Call, type Command, type Operation } from "../operation";
import { isLoopback, postMessage, robotMessage, signedUrl, type RobotTarget } from "../robot-message";
import { SINCE } from "../version";
import { checkWebhookUrl } from "./webhook-url";

/** Tries of the server before it gives up on a host (section 5.8); here without the second of pause in between. */
const TRIES = 5;

/** Section 5.8. Nothing leaves the machine: a switch says what DingTalk answers. */
const testConnection: Command = {
  name: "SNSDingTalkTestConnection",
  method: "POST",
  paths: ["/sns/application-endpoints/ding-talk/test-connection"],
  kind: "async",
  wrapper: "params",
  // People see the message.
  changing: true,
  module: "sns",
  since: SINCE.robots,
  fields: [
    { name: "testMsg", type: "string", required: true },
    { name: "endpointUuid", type: "string" },
    { name: "url", type: "string", maxChars: 2048 },
    { name: "secret", type: "string" },
    { name: "atAll", type: "boolean" },
    { name: "atPersonPhoneNumbers", type: "list" },
  ],
  run: runTestConnection,
};

async function runTestConnection(call: Call): Promise<Inventory> {
  const target = targetOf(call);
  switch (call.context.switches.testConnection) {
    case "delivered":
      return { connected: true, webhookResp: { errcode: 0, errmsg: "ok" } };
    case "refused":
      // DingTalk says HTTP 200 here, so the server takes it for a success.
      return { connected: true, webhookResp: { errcode: 310000, errmsg: "sign not match" } };
    case "unreachable":
      return unreachable();
    case "sent":
      return await send(call, target);
  }
}

/** The stored endpoint wins over everything else that was given (section 5.8). */
function targetOf({ params, context: { store } }: Call): RobotTarget {
  const endpointUuid = textOf(params, "endpointUuid");
  const url = textOf(params, "url");
  if (endpointUuid !== undefined) {
    const row = store.endpoints.row(endpointUuid);
    if (row?.type !== "DingTalk") notFound("endpointUuid", endpointUuid, "SNSDingTalkEndpointVO");
    const phoneNumbers = store.personsOf(row.uuid).map((person) => person.phoneNumber);
    return { url: row.url ?? "", secret: row.secret, atAll: row.atAll, phoneNumbers };
  }
  if (url === undefined)
    return invalid("either endpointUuid or url must be given", "必须指定endpointUuid或url");
  checkWebhookUrl(url);
  return {
    url,
    secret: textOf(params, "secret"),
    atAll: params.atAll === true,
    phoneNumbers: listOf(params, "atPersonPhoneNumbers") ?? [],
  };
}

async function send({ params, context }: Call, target: RobotTarget): Promise<Inventory> {
  if (!isLoopback(target.url)) return unreachable();
  const message = robotMessage(target, "test", requiredText(params, "testMsg"));
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await postMessage(signedUrl(target, context.clock.now()), message);
    if (answer !== undefined && answer.status >= 200 && answer.status < 300) {
      return { connected: true, webhookResp: answer.body };
    }
  }
  return unreachable();
}

function unreachable(): never {
  internal(`cannot send the message after ${String(TRIES)} tries`);
}

export const testConnectionOperations: readonly Operation[] = [testConnection];
