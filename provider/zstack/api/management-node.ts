import { z } from "zod";
import type { CallScope, ZStackCall } from "../transport/call";
import type { ZStackClient } from "../transport/client";
import { parsed } from "./query";

/** `PUT /management-nodes/actions getVersion`: needs no login. */
export async function getVersion(client: ZStackClient, scope?: CallScope): Promise<string> {
  const action = "GetVersion";
  const call = managementNodeCall(action, "getVersion");
  return parsed(action, z.object({ version: z.string() }), await client.ask(call, scope)).version;
}

/** `PUT /management-nodes/actions getCurrentTime`: needs no login. In epoch milliseconds. */
export async function getCurrentTime(client: ZStackClient, scope?: CallScope): Promise<number> {
  const action = "GetCurrentTime";
  const call = managementNodeCall(action, "getCurrentTime");
  // The member really is called "MillionSeconds".
  const reply = z.object({ currentTime: z.object({ MillionSeconds: z.number() }) });
  return parsed(action, reply, await client.ask(call, scope)).currentTime.MillionSeconds;
}

function managementNodeCall(action: string, wrapper: string): ZStackCall {
  return {
    action,
    method: "PUT",
    path: "/v1/management-nodes/actions",
    body: { [wrapper]: {} },
    anonymous: true,
  };
}
