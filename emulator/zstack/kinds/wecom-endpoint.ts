import type { Context } from "../rest/context";
import type { Inventory } from "../rest/inventory";
import { listOf } from "../rest/operation";
import { ofClass } from "../rest/wire";
import { AT_ALL_MEMBER, personDates, persons, shownPersons, type Person } from "./at-person";
import { EndpointForm, ROBOTS_SINCE, type EndpointBase } from "./endpoint-form";

const BASE = "/sns/application-endpoints/we-com";

/** A robot of a WeCom group: just enough that another kind than DingTalk's exists (section 6.4). */
export interface WeComEndpoint extends EndpointBase {
  type: "WeCom";
  atAll: boolean;
}

const form = new EndpointForm<WeComEndpoint>({
  type: "WeCom",
  members: { atAll: AT_ALL_MEMBER },
  defaults: { atAll: false },
  className: "org.zstack.sns.platform.wecom.SNSWeComEndpointInventory",
  inventory: (row, context, asCreated) => {
    const persons = shownPersons(row.uuid, context);
    return {
      url: row.url,
      atAll: row.atAll,
      atPersonUserIds: persons.map((person) => person.phoneNumber),
      atPersonList: persons.map((person) => weComPerson(person, context, asCreated)),
    };
  },
  queried: ["url", "atAll"],
});

function weComPerson(row: Person, context: Context, asCreated: boolean): Inventory {
  return ofClass("org.zstack.sns.platform.wecom.SNSWeComAtPersonInventory", {
    uuid: row.uuid,
    userId: row.phoneNumber,
    endpointUuid: row.endpointUuid,
    remark: row.remark,
    ...personDates(row, context, asCreated),
  });
}

const create = form.create(
  { name: "CreateSNSWeComEndpoint", path: BASE, since: ROBOTS_SINCE },
  [
    { name: "atAll", type: "boolean" },
    { name: "atPersonUserIds", type: "list", nonEmpty: true },
    { name: "atPersonList", type: "map" },
  ],
  {
    members: ({ params }) => ({ atAll: params.atAll === true }),
    after: ({ uuid: endpointUuid }, { params, context }) => {
      const map = params.atPersonList as Readonly<Record<string, string | null>> | undefined;
      const ids = listOf(params, "atPersonUserIds") ?? [];
      for (const [phoneNumber, remark] of Object.entries(
        map ?? Object.fromEntries(ids.map((id) => [id, null])),
      )) {
        context.store.of(persons).add({ endpointUuid, phoneNumber, remark: remark ?? undefined });
      }
    },
  },
);

export const weComEndpoint = {
  form,
  operations: [create, form.query({ name: "QuerySNSWeComEndpoint", path: BASE, since: ROBOTS_SINCE })],
};
