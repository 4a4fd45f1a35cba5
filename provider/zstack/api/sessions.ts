import { z } from "zod";
import type { ZStackClient } from "../transport/client";
import { optionalText, parsed } from "./query";

/** `PUT /accounts/login`. */
export async function logInByAccount(
  client: ZStackClient,
  accountName: string,
  passwordSha512: string,
): Promise<{ uuid: string; accountUuid: string | undefined }> {
  const action = "LogInByAccount";
  const body = { logInByAccount: { accountName, password: passwordSha512 } };
  const reply = await client.ask({
    action,
    method: "PUT",
    path: "/v1/accounts/login",
    body,
    anonymous: true,
  });
  // It becomes part of a header.
  const session = z.string().regex(/^[\w-]+$/);
  const shape = z.object({ inventory: z.object({ uuid: session, accountUuid: optionalText }) });
  return parsed(action, shape, reply).inventory;
}

/** `DELETE /accounts/sessions/{uuid}`: ends a session; an unknown one is no failure. */
export async function logOut(client: ZStackClient, sessionUuid: string): Promise<void> {
  const path = `/v1/accounts/sessions/${sessionUuid}`;
  await client.ask({ action: "LogOut", method: "DELETE", path, anonymous: true });
}
