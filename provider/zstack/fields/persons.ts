import { isApiFailure } from "../../core/errors";
import { trimmed } from "../../core/plain-text";
import type { Context } from "../../core/lifecycle/definition";
import {
  addSNSDingTalkAtPerson,
  dingTalkEndpointsByUuid,
  removeSNSDingTalkAtPerson,
  updateAtPersonOfAtDingTalkEndpoint,
  type DingTalkEndpointInventory,
} from "../api";
import type { ZStackConnection } from "../connection";
import { Code } from "../transport/failures";

interface Person {
  readonly uuid: string | undefined;
  readonly remark: string;
}

/** The persons of a live endpoint, phone number to remark, in the order of canonical inputs. */
export function remarksOf(live: DingTalkEndpointInventory): Record<string, string> {
  const remarks = [...personsOf(live)].map(([phoneNumber, { remark }]) => [phoneNumber, remark] as const);
  return Object.fromEntries(remarks.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Removes, changes and adds persons one by one until the endpoint has exactly the declared ones. */
export async function syncPersons(
  ctx: Context<ZStackConnection>,
  live: DingTalkEndpointInventory,
  declared: Readonly<Record<string, string>>,
): Promise<boolean> {
  const { client } = ctx.connection;
  const present = personsOf(live);
  let isChanged = false;
  for (const [phoneNumber, person] of present) {
    const remark = declared[phoneNumber];
    if (remark === person.remark) {
      continue;
    }
    isChanged = true;
    if (remark === undefined || person.uuid === undefined) {
      await removeSNSDingTalkAtPerson(client, live.uuid, phoneNumber, ctx);
      present.delete(phoneNumber);
    } else {
      await updateAtPersonOfAtDingTalkEndpoint(client, person.uuid, { endpointUuid: live.uuid, remark }, ctx);
    }
  }
  for (const [phoneNumber, remark] of Object.entries(declared)) {
    if (!present.has(phoneNumber)) {
      isChanged = true;
      await addPerson(ctx, live.uuid, phoneNumber, remark);
    }
  }
  return isChanged;
}

async function addPerson(
  ctx: Context<ZStackConnection>,
  endpointUuid: string,
  phoneNumber: string,
  remark: string,
): Promise<void> {
  const params = { endpointUuid, phoneNumber, ...(remark === "" ? {} : { remark }) };
  try {
    await addSNSDingTalkAtPerson(ctx.connection.client, params, ctx);
  } catch (error) {
    // An answer that was lost on the way makes the repeated call find the person there already.
    if (!isApiFailure(error, Code.INVALID_ARGUMENT)) {
      throw error;
    }
    const now = await ctx.connection.find(dingTalkEndpointsByUuid, endpointUuid);
    if (now === undefined || personsOf(now).get(phoneNumber)?.remark !== remark) {
      throw error;
    }
  }
}

function personsOf(live: DingTalkEndpointInventory): Map<string, Person> {
  const persons = new Map<string, Person>();
  // The list of phone numbers always mirrors all persons, so it only adds what a list of persons may lack.
  for (const phoneNumber of live.atPersonPhoneNumbers ?? []) {
    persons.set(phoneNumber, { uuid: undefined, remark: "" });
  }
  for (const { phoneNumber, uuid, remark } of live.atPersonList ?? []) {
    persons.set(phoneNumber, { uuid, remark: trimmed(remark ?? "") });
  }
  return persons;
}
