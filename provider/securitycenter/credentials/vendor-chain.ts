import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import type * as alicloud from "@alicloud/credentials";
import { messageOf } from "../../core/errors";
import { shortened } from "../../core/redact";
import type { BaseSource, CredentialSource } from "./credential-settings";
import type { Role } from "./roles";
import type { AccessKeys } from "../transport/signer";

/** Alibaba Cloud's own ways to find keys, for whom no keys were given. */

/** Something that gives keys, new ones when the old ones expire. */
export interface KeyChain {
  getCredentials(): Promise<{ accessKeyId?: string; accessKeySecret?: string; securityToken?: string }>;
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
/** What stands in the account's audit log where no name is given; the vendor's own default names a moment, and no program. */
const DEFAULT_SESSION_NAME = "pulumi-dingtalk";

type Vendor = typeof alicloud;

/** Loads the vendor's library, and makes of it what gives the keys of a source. Throws for what cannot work. */
export function loadVendorChain(source: CredentialSource): KeyChain {
  const vendor = require("@alicloud/credentials") as Vendor;
  return source.kind === "role"
    ? assuming(vendor, source.role, baseChain(vendor, source.base))
    : baseChain(vendor, source);
}

/**
 * What can be told of a source without asking anybody, as a detail of a failure: `undefined` where it may work. Reads files of profiles
 * and nothing of the vendor's library.
 */
export function whatIsMissing(source: CredentialSource): string | undefined {
  switch (source.kind) {
    case "role":
      return whatIsMissing(source.base);
    case "oidc":
      return textOf(source.role.tokenFile) !== undefined
        ? undefined
        : `the file with the token ${path.resolve(source.role.tokenFile)} cannot be read`;
    case "instance":
      return process.env["ALIBABA_CLOUD_ECS_METADATA_DISABLED"]?.toLowerCase() === "true"
        ? "roles of instances are turned off by ALIBABA_CLOUD_ECS_METADATA_DISABLED"
        : undefined;
    case "chain":
      try {
        return missingProfile(source);
      } catch (error) {
        return whatTheChainSays(error);
      }
    default:
      return undefined;
  }
}

function baseChain(vendor: Vendor, source: BaseSource): KeyChain {
  switch (source.kind) {
    case "keys":
      return staticKeys(vendor, source.keys);
    case "instance":
      return vendor.ECSRAMRoleCredentialsProvider.builder().withRoleName(source.roleName).build();
    case "uri":
      return vendor.URICredentialsProvider.builder().withCredentialsURI(source.uri).build();
    case "oidc": {
      const { role } = source;
      const builder = vendor.OIDCRoleArnCredentialsProvider.builder()
        .withOIDCProviderArn(role.providerArn)
        .withOIDCTokenFilePath(role.tokenFile);
      return inSession(builder, role).build();
    }
    case "chain":
      return searching(vendor, source);
  }
}

function staticKeys(vendor: Vendor, { accessKeyId, accessKeySecret, securityToken }: AccessKeys): KeyChain {
  return securityToken === undefined
    ? vendor.StaticAKCredentialsProvider.builder()
        .withAccessKeyId(accessKeyId)
        .withAccessKeySecret(accessKeySecret)
        .build()
    : vendor.StaticSTSCredentialsProvider.builder()
        .withAccessKeyId(accessKeyId)
        .withAccessKeySecret(accessKeySecret)
        .withSecurityToken(securityToken)
        .build();
}

function assuming(vendor: Vendor, role: Role, base: KeyChain): KeyChain {
  const builder = vendor.RAMRoleARNCredentialsProvider.builder().withCredentialsProvider(base as never);
  if (role.externalId !== undefined) {
    builder.withExternalId(role.externalId);
  }
  return inSession(builder, role).build();
}

/** What the vendor's builders for the two kinds of roles share. */
interface SessionBuilder {
  withRoleArn(arn: string): unknown;
  withRoleSessionName(name: string): unknown;
  withDurationSeconds(seconds: number): unknown;
  withPolicy(policy: string): unknown;
}

function inSession<Builder extends SessionBuilder>(
  builder: Builder,
  role: Omit<Role, "externalId">,
): Builder {
  builder.withRoleArn(role.arn);
  builder.withRoleSessionName(
    role.sessionName ?? variable("ALIBABA_CLOUD_ROLE_SESSION_NAME") ?? DEFAULT_SESSION_NAME,
  );
  if (role.sessionSeconds !== undefined) {
    builder.withDurationSeconds(role.sessionSeconds);
  }
  if (role.policy !== undefined) {
    builder.withPolicy(role.policy);
  }
  return builder;
}

type ChainSource = Extract<BaseSource, { kind: "chain" }>;

/**
 * Without a profile the vendor's whole default chain is asked; a named profile is looked for in the file of the aliyun command, then among
 * the ini credentials, and nowhere else: to go on to another identity would be a surprise.
 */
function searching(vendor: Vendor, source: ChainSource): KeyChain {
  if (source.profile === undefined && source.profilesFile === undefined) {
    return withoutUnsetUri(vendor.DefaultCredentialsProvider.builder().build());
  }
  const { profiles, name, isKnown } = profileOf(source);
  if (isKnown || source.profilesFile !== undefined) {
    const reader = vendor.CLIProfileCredentialsProvider.builder().build() as unknown as ProfileReader;
    return reader.getCredentialsProvider(profiles ?? { profiles: [] }, name);
  }
  return vendor.ProfileCredentialsProvider.builder().withProfileName(name).build();
}

function profileOf({ profile, profilesFile }: ChainSource): {
  readonly profiles: Profiles | undefined;
  readonly name: string;
  readonly isKnown: boolean;
} {
  const file =
    profilesFile === undefined ? path.join(homedir(), ".aliyun", "config.json") : inHome(profilesFile);
  const profiles = readProfiles(file, profilesFile !== undefined);
  const name = profile ?? profiles?.current ?? "default";
  return { profiles, name, isKnown: profiles?.profiles.some((one) => one.name === name) === true };
}

function missingProfile(source: ChainSource): string | undefined {
  if (source.profile === undefined && source.profilesFile === undefined) {
    return undefined;
  }
  const { name, isKnown } = profileOf(source);
  if (isKnown) {
    return undefined;
  }
  if (source.profilesFile !== undefined) {
    return `the file ${path.resolve(inHome(source.profilesFile))} holds no such profile`;
  }
  const ini =
    variable("ALIBABA_CLOUD_CREDENTIALS_FILE") ?? path.join(homedir(), ".alibabacloud", "credentials");
  const sections = (textOf(ini) ?? "").split("\n").map((line) => line.trim());
  return sections.includes(`[${name}]`)
    ? undefined
    : `neither ${path.join(homedir(), ".aliyun", "config.json")} nor ${ini} holds such a profile`;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** A variable of the environment; empty counts as absent. */
function variable(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
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
      throw new Error(`the file of profiles ${path.resolve(file)} cannot be read`);
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
