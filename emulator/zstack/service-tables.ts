import { Table } from "../frame/table";
import type { AccessKey, Job, Session } from "./entities";
import * as members from "./members";
import { byUuid, type StoreTools } from "./store-tools";

/** Sessions, access keys and jobs: what a management node keeps besides the objects of users. */
export function serviceTables({ uuid, accountUuid, now, hex, dates, touch }: StoreTools) {
  const sessions = new Table<Session>("session", byUuid, members.SESSION, {
    complete: (row) => ({
      uuid: uuid(),
      accountUuid,
      createdMs: now(),
      // Two hours, the default of identity/session.timeout (section 2.2).
      expiresMs: now() + 7_200_000,
      ...row,
    }),
  });
  const accessKeys = new Table<AccessKey>("access key", byUuid, members.ACCESS_KEY, {
    complete: (row) => ({
      uuid: uuid(),
      accessKeyId: hex(20),
      accessKeySecret: hex(40),
      accountUuid,
      userUuid: accountUuid,
      state: "Enabled",
      description: undefined,
      ...row,
      ...dates(row),
    }),
    edited: touch,
  });
  const jobs = new Table<Job>("job", byUuid, members.JOB, {
    complete: (row) => ({
      uuid: uuid(),
      operation: "",
      acceptedMs: now(),
      timeoutMs: 1_800_000,
      polls: 0,
      pollsBeforeDone: 0,
      readyMs: now(),
      stuck: false,
      lost: false,
      end: { status: 200, body: {} },
      ...row,
    }),
  });
  return { sessions, accessKeys, jobs };
}
