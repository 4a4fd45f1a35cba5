import { ConfigError, isApiFailure } from "../../core/errors";
import { getVersion } from "../api";
import type { ZStackClient } from "../transport/client";
import { TextCode } from "../transport/failures";

/** DingTalk endpoints can be updated, and have a signing secret, from this version on (fact sheet 0.1). */
const MIN_VERSION = [5, 0, 0] as const;

/**
 * Asks a server for its version, without logging in.
 *
 * @throws ConfigError for one that is too old
 */
export async function requireVersion(anonymous: ZStackClient, endpoint: string): Promise<void> {
  const version = await serverVersion(anonymous);
  if (isOlderThanMinimum(version)) {
    throw new ConfigError(`This package needs ZStack ${MIN_VERSION.join(".")} or later.`, {
      facts: { Endpoint: endpoint, Version: version },
      hint: "Upgrade the management node: older versions can neither update a DingTalk endpoint nor keep its signing secret.",
    });
  }
}

/** The version; empty where the server does not say. */
async function serverVersion(anonymous: ZStackClient): Promise<string> {
  try {
    return await getVersion(anonymous);
  } catch (error) {
    if (isApiFailure(error, TextCode.NO_SUCH_API)) {
      return "";
    }
    throw error;
  }
}

function isOlderThanMinimum(version: string): boolean {
  const parts = version.split(".").map((part) => Number.parseInt(part, 10));
  if (parts.some(Number.isNaN)) {
    // A version we cannot read is no reason to refuse: the calls themselves will tell.
    return false;
  }
  for (const [index, minimum] of MIN_VERSION.entries()) {
    const part = parts[index] ?? 0;
    if (part !== minimum) {
      return part < minimum;
    }
  }
  return false;
}
