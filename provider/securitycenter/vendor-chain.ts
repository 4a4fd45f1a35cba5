import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import type * as alicloud from "@alicloud/credentials";
import { messageOf } from "../core/errors";
import { shortened } from "../core/redact";

/** Alibaba Cloud's own ways to find keys, for whom no keys were given. */

/** Something that gives keys, new ones when the old ones expire. */
export interface KeyChain {
  getCredentials(): Promise<{ accessKeyId?: string; accessKeySecret?: string; securityToken?: string }>;
}

/** Which of the ways. */
export interface ChainChoice {
  /** Keys of this profile and of no other source. */
  readonly profile?: string | undefined;
  /** Where the profiles of the aliyun command are, instead of `~/.aliyun/config.json`. */
  readonly profilesFile?: string | undefined;
}

/** The file of the aliyun command, as far as it is looked at here. */
interface Profiles {
  readonly current?: string;
  readonly profiles: readonly { readonly name?: string }[];
}

/** What makes a chain out of a parsed file of profiles; the vendor's class has it, and reads one fixed path only. */
interface ProfileReader {
  getCredentialsProvider(profiles: Profiles, name: string): KeyChain;
}

const MAX_DETAIL_CHARS = 600;

/**
 * Loads the vendor's library. Without a profile its whole default chain is asked; a named profile is looked for in the file of the aliyun
 * command, then among the ini credentials, and nowhere else: to go on to another identity would be a surprise.
 */
export function loadVendorChain({ profile, profilesFile }: ChainChoice): KeyChain {
  const vendor = require("@alicloud/credentials") as typeof alicloud;
  if (profile === undefined && profilesFile === undefined) {
    return withoutUnsetUri(vendor.DefaultCredentialsProvider.builder().build());
  }
  const file =
    profilesFile === undefined ? path.join(homedir(), ".aliyun", "config.json") : inHome(profilesFile);
  const profiles = readProfiles(file, profilesFile !== undefined);
  const name = profile ?? profiles?.current ?? "default";
  const isKnown = profiles?.profiles.some((one) => one.name === name) === true;
  if (isKnown || profilesFile !== undefined) {
    const reader = vendor.CLIProfileCredentialsProvider.builder().build() as unknown as ProfileReader;
    return reader.getCredentialsProvider(profiles ?? { profiles: [] }, name);
  }
  return vendor.ProfileCredentialsProvider.builder().withProfileName(name).build();
}

/** The vendor's chain asks `https://undefined/` where no URI is set. */
function withoutUnsetUri(chain: KeyChain): KeyChain {
  const { providers } = chain as { providers?: { getProviderName?(): string }[] };
  if (process.env["ALIBABA_CLOUD_CREDENTIALS_URI"] === undefined && Array.isArray(providers)) {
    const index = providers.findIndex((one) => one.getProviderName?.() === "credential_uri");
    if (index >= 0) {
      providers.splice(index, 1);
    }
  }
  return chain;
}

/**
 * A failure of the vendor's library in one line, without what it quotes: whole files, answers and commands, with keys in them.
 */
export function whatTheChainSays(error: unknown): string {
  const text = messageOf(error)
    .replace(/\s+/g, " ")
    .replace(/\{.*\}?/, (quoted) => {
      const code = /"Code"\s*:\s*"([\w.-]+)"/i.exec(quoted)?.[1];
      return code === undefined ? "…" : `${code} …`;
    })
    .replace(/(Unexpected (?:token|end|non-whitespace|string|number)).*/, "not JSON …")
    .replace(/(failed to execute external command).*/, "$1 …")
    .replace(/(https?:\/\/)[^\s/?#@]*@/g, "$1")
    .replace(/(https?:\/\/[^\s?#]+)\?\S*/g, "$1?…");
  return shortened(text, MAX_DETAIL_CHARS);
}

function readProfiles(file: string, mustExist: boolean): Profiles | undefined {
  if (!mustExist && process.env["ALIBABA_CLOUD_CLI_PROFILE_DISABLED"]?.toLowerCase() === "true") {
    return undefined;
  }
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    if (mustExist) {
      throw new Error(`the file of profiles ${file} cannot be read`);
    }
    return undefined;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error(`the file of profiles ${file} is not JSON`);
  }
  const { profiles } = (parsed ?? {}) as Partial<Profiles>;
  if (!Array.isArray(profiles)) {
    throw new Error(`the file of profiles ${file} holds no profiles`);
  }
  return parsed as Profiles;
}

function inHome(file: string): string {
  return file.startsWith("~/") ? path.join(homedir(), file.slice(2)) : file;
}
