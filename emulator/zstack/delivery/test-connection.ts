import { dingTalkEndpoint } from "../kinds/dingtalk-endpoint";
import { endpoints, ROBOTS_SINCE } from "../kinds/endpoint-form";
import { checkWebhookUrl } from "../kinds/webhook-url";
import { internal, invalid, notFound } from "../rest/errors";
import type { Inventory } from "../rest/inventory";
import { listOf, requiredText, textOf, type Call, type Command } from "../rest/operation";
import { part } from "../rest/part";
import { deliver, endpointTarget, testMessage, type RobotTarget } from "./robot-message";

/** Section 5.8. Nothing leaves the machine: for addresses elsewhere, a switch says what DingTalk answers. */
const test: Command = {
  name: "SNSDingTalkTestConnection",
  method: "POST",
  paths: ["/sns/application-endpoints/ding-talk/test-connection"],
  kind: "async",
  wrapper: "params",
  // People see the message.
  changing: true,
  module: "sns",
  since: ROBOTS_SINCE,
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
  const { outbound, switches } = call.context;
  const target = targetOf(call);
  switch (switches.testConnection) {
    case "posted":
      return outbound.resolve(target.url) === undefined ? delivered() : await send(call, target);
    case "delivered":
      return delivered();
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
    const row = store.of(endpoints).row(endpointUuid);
    if (row === undefined || !dingTalkEndpoint.form.is(row)) {
      return notFound("endpointUuid", endpointUuid, "SNSDingTalkEndpointVO");
    }
    return endpointTarget(row, store);
  }
  if (url === undefined) {
    return invalid("either endpointUuid or url must be given", "必须指定endpointUuid或url");
  }
  checkWebhookUrl(url);
  return {
    url,
    secret: textOf(params, "secret"),
    atAll: params.atAll === true,
    phoneNumbers: listOf(params, "atPersonPhoneNumbers") ?? [],
  };
}

async function send({ params, context }: Call, target: RobotTarget): Promise<Inventory> {
  const message = testMessage(target, requiredText(params, "testMsg"), context.switches);
  const answer = await deliver(target, message, context);
  return answer === undefined ? unreachable() : { connected: true, webhookResp: answer.body };
}

function delivered(): Inventory {
  return { connected: true, webhookResp: { errcode: 0, errmsg: "ok" } };
}

function unreachable(): never {
  internal("cannot send the message: nobody answers, or not with success");
}

export const testConnection = part({ tables: [], operations: [test] });
