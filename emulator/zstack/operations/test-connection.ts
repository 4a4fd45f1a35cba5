import { internal, invalid, notFound } from "../errors";
import { textOf, type Call, type Command, type Operation } from "../operation";
import { SINCE } from "../version";
import { checkWebhookUrl } from "./webhook-url";

/** Tries of the server before it gives up on a host (section 5.8). */
const TRIES = 5;

/** Section 5.8. Nothing leaves the emulator: a switch says what DingTalk answers. */
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

function runTestConnection({ params, context }: Call) {
  const { store, switches } = context;
  const endpointUuid = textOf(params, "endpointUuid");
  const url = textOf(params, "url");
  if (endpointUuid !== undefined) {
    const row = store.endpoints.row(endpointUuid);
    if (row?.type !== "DingTalk") notFound("endpointUuid", endpointUuid, "SNSDingTalkEndpointVO");
  } else if (url === undefined) {
    invalid("either endpointUuid or url must be given", "必须指定endpointUuid或url");
  } else {
    checkWebhookUrl(url);
  }
  switch (switches.testConnection) {
    case "delivered":
      return { connected: true, webhookResp: { errcode: 0, errmsg: "ok" } };
    case "refused":
      // DingTalk says HTTP 200 here, so the server takes it for a success.
      return { connected: true, webhookResp: { errcode: 310000, errmsg: "sign not match" } };
    case "unreachable":
      return internal(`cannot send the message after ${String(TRIES)} tries`);
  }
}

export const testConnectionOperations: readonly Operation[] = [testConnection];
