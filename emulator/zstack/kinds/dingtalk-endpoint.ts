import { text } from "../../frame/value";
import { fitColumn } from "../rest/checks";
import type { Context } from "../rest/context";
import { isBlank } from "../rest/java";
import { listOf, textOf, type Call } from "../rest/operation";
import { has } from "../rest/version";
import { AT_ALL_MEMBER, checkPhone, dingTalkPerson, fitRemark, persons, shownPersons } from "./at-person";
import { EndpointForm, PLATFORM, ROBOTS_SINCE, type EndpointBase } from "./endpoint-form";
import { DESCRIPTION, NAME } from "./kind";
import { checkWebhookUrl } from "./webhook-url";

const BASE = "/sns/application-endpoints/ding-talk";
const SECRET_COLUMN_CHARS = 128;

/** A robot of a DingTalk group (sections 5.2 to 5.4). */
export interface DingTalkEndpoint extends EndpointBase {
  type: "DingTalk";
  atAll: boolean;
  secret: string | undefined;
}

/** The form of endpoints that DingTalk's are of. */
export const dingTalkForm = new EndpointForm<DingTalkEndpoint>({
  type: "DingTalk",
  members: { atAll: AT_ALL_MEMBER, secret: text("The signing secret of a DingTalk robot.").optional() },
  defaults: { atAll: false, secret: undefined },
  className: "org.zstack.sns.platform.dingtalk.SNSDingTalkEndpointInventory",
  inventory: (row, context, asCreated) => {
    const persons = shownPersons(row.uuid, context);
    const robots = has(context.switches.serverVersion, ROBOTS_SINCE);
    return {
      url: row.url,
      atAll: row.atAll,
      secret: robots ? shownSecret(row.secret, context) : undefined,
      atPersonPhoneNumbers: persons.map((person) => person.phoneNumber),
      atPersonList: robots ? persons.map((person) => dingTalkPerson(person, context, asCreated)) : undefined,
    };
  },
  queried: ["url", "atAll", "secret"],
});

function shownSecret(secret: string | undefined, { switches }: Context): string | undefined {
  if (secret === undefined || secret === "") {
    return secret;
  }
  switch (switches.secretOnRead) {
    case "plain":
      return secret;
    case "masked":
      return "*****";
    case "hidden":
      return undefined;
    case "encrypted":
      return `encrypted:${Buffer.from(secret).toString("base64url")}`;
  }
}

/** Section 5.2. */
const create = dingTalkForm.create(
  { name: "CreateSNSDingTalkEndpoint", path: BASE },
  [
    { name: "atAll", type: "boolean" },
    { name: "secret", type: "string", maxChars: 128, since: ROBOTS_SINCE },
    { name: "atPersonPhoneNumbers", type: "list", nonEmpty: true },
    { name: "atPersonList", type: "map", since: ROBOTS_SINCE },
  ],
  {
    check: (call) => {
      for (const [phone] of personsToCreate(call)) {
        checkPhone(phone);
      }
    },
    members: (call) => {
      // An overflow is found before anything is written.
      for (const [, remark] of personsToCreate(call)) {
        fitRemark(remark ?? "", call.context);
      }
      // Blank counts as not given.
      return { atAll: call.params.atAll === true, secret: notBlank(textOf(call.params, "secret")) };
    },
    after: ({ uuid: endpointUuid }, call) => {
      const { store, switches } = call.context;
      const dates = switches.personDatesAfterCreate === "missing" ? { createdMs: undefined } : {};
      for (const [phoneNumber, given] of personsToCreate(call)) {
        const remark = given === undefined ? undefined : fitRemark(given, call.context);
        store.of(persons).add({ endpointUuid, phoneNumber, remark, ...dates });
      }
    },
  },
);

/** Phone → remark. The map wins outright over the list; duplicates in the list are folded (section 5.2). */
function personsToCreate({ params }: Call): Map<string, string | undefined> {
  const map = params.atPersonList as Readonly<Record<string, string | null>> | undefined;
  if (map !== undefined) {
    return new Map(Object.entries(map).map(([phone, remark]) => [phone, remark ?? undefined]));
  }
  return new Map((listOf(params, "atPersonPhoneNumbers") ?? []).map((phone) => [phone, undefined]));
}

/** Section 5.4. */
const update = dingTalkForm.update(
  {
    name: "UpdateSNSDingTalkEndpoint",
    path: `${BASE}/{uuid}/actions`,
    wrapper: "updateSNSDingTalkEndpoint",
    since: ROBOTS_SINCE,
  },
  [
    NAME,
    DESCRIPTION,
    { name: "url", type: "string", maxChars: 256 },
    { name: "atAll", type: "boolean" },
    { name: "secret", type: "string", maxChars: 256 },
    PLATFORM,
  ],
  {
    check: ({ params }) => {
      const url = notBlank(textOf(params, "url"));
      if (url !== undefined) {
        checkWebhookUrl(url);
      }
    },
    apply: (row, { params, context: { switches } }) => {
      const given = textOf(params, "secret");
      const secret =
        given === undefined
          ? undefined
          : fitColumn("secret", given, SECRET_COLUMN_CHARS, switches.secretColumnOverflow);
      row.name = notBlank(textOf(params, "name")) ?? row.name;
      row.description = notBlank(textOf(params, "description")) ?? row.description;
      row.url = notBlank(textOf(params, "url")) ?? row.url;
      if (typeof params.atAll === "boolean") {
        row.atAll = params.atAll;
      }
      if (secret !== undefined && (secret !== "" || switches.secretClearable)) {
        row.secret = secret;
      }
    },
  },
);

function notBlank(value: string | undefined): string | undefined {
  return isBlank(value) ? undefined : value;
}

export const dingTalkEndpoint = {
  form: dingTalkForm,
  operations: [create, update, dingTalkForm.query({ name: "QuerySNSDingTalkEndpoint", path: BASE })],
};
