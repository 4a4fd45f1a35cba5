/** Who calls: which source of keys the settings name, and which role is assumed with them. */
import type { SettingsReader } from "../../core/settings/settings";
import {
  isRoleArn,
  lasting,
  readOidcRole,
  readRole,
  sessionNameProblem,
  sessionProblem,
  type OidcRole,
  type Role,
} from "./roles";
import { credentialsUri, roleName } from "../settings/setting-rules";
import type { AccessKeys } from "../transport/signer";
import {
  CREDENTIALS_URI_VARIABLE,
  INSTANCE_ROLE_VARIABLE,
  KEY_FAMILIES,
  PROFILE_VARIABLES,
  PROFILES_FILE_VARIABLE,
  ROLE_ARN_VARIABLES,
  RRSA_VARIABLES,
  SESSION_NAME_VARIABLES,
  SESSION_SECONDS_VARIABLE,
} from "./variables";

/** Where keys come from that are somebody's own: given outright, or found in one of the vendor's ways. */
export type BaseSource =
  | { readonly kind: "keys"; readonly keys: AccessKeys }
  /** The vendor's chain, in a profile where one is named. */
  | {
      readonly kind: "chain";
      readonly profile?: string | undefined;
      /** Where the profiles of the aliyun command are, instead of `~/.aliyun/config.json`. */
      readonly profilesFile?: string | undefined;
    }
  /** The RAM role of the ECS instance that this runs on. */
  | { readonly kind: "instance"; readonly roleName: string }
  /** A sidecar's address that answers with keys. */
  | { readonly kind: "uri"; readonly uri: string }
  /** A role that is assumed with the token of an identity provider. */
  | { readonly kind: "oidc"; readonly role: OidcRole };

/** Where the keys come from: a source, or a role that is assumed with its keys. */
export type CredentialSource =
  BaseSource | { readonly kind: "role"; readonly role: Role; readonly base: BaseSource };

/** What of a source must never be shown. */
export function secretsOfSource(source: CredentialSource): string[] {
  switch (source.kind) {
    case "keys": {
      const { accessKeySecret, securityToken } = source.keys;
      return [accessKeySecret, ...(securityToken === undefined ? [] : [securityToken])];
    }
    case "uri":
      // Without a query it is an address like any other.
      return /[?@]/.test(source.uri) ? [source.uri] : [];
    case "role":
      return [
        ...secretsOfSource(source.base),
        ...(source.role.externalId === undefined ? [] : [source.role.externalId]),
      ];
    default:
      return [];
  }
}

/** The keys of the config, else of the environment; and the role they assume, of the same place or of the config. */
export function readCredentials(reader: SettingsReader): CredentialSource | undefined {
  const role = roleOfConfig(reader);
  const isConfigured = CONFIGURED_IDENTITIES.flat().some((key) => reader.text(key) !== undefined);
  const base = isConfigured ? baseOfConfig(reader) : baseOfEnvironment(reader);
  const assumed = role ?? (isConfigured ? undefined : roleOfEnvironment(reader));
  return base === undefined || assumed === undefined ? base : { kind: "role", role: assumed, base };
}

/** The settings that say who calls, by the identity they stand for. */
const CONFIGURED_IDENTITIES = [
  ["alicloud:accessKey", "alicloud:secretKey", "alicloud:securityToken"],
  ["alicloud:ecsRoleName"],
  ["alicloud:assumeRoleWithOidc"],
  ["alicloud:credentialsUri"],
  ["alicloud:profile", "alicloud:sharedCredentialsFile"],
] as const;

function baseOfConfig(reader: SettingsReader): BaseSource | undefined {
  const given = CONFIGURED_IDENTITIES.map((keys) =>
    keys.filter((key) => reader.text(key) !== undefined),
  ).filter((keys) => keys.length > 0);
  // Keys beside a profile go before it, as in the vendor's tools; anything else would be a guess at who is meant.
  const [first = [], second = []] = given;
  if (given.length > 2 || (given.length === 2 && !(isKeys(first[0]) && isProfile(second[0])))) {
    reader.complain(
      `${given.map(([key]) => key).join(" and ")} each say who calls: remove all but one of them.`,
    );
    return undefined;
  }
  const [key] = first;
  const text = key === undefined ? undefined : reader.text(key);
  if (key === undefined || text === undefined) {
    return undefined;
  }
  switch (key) {
    case "alicloud:ecsRoleName":
      return { kind: "instance", roleName: text };
    case "alicloud:credentialsUri":
      return { kind: "uri", uri: text };
    case "alicloud:assumeRoleWithOidc": {
      const tokenFile = reader.variable("ALIBABA_CLOUD_OIDC_TOKEN_FILE")?.value;
      const read = readOidcRole(text, tokenFile);
      if ("problem" in read) {
        reader.problem(key, read.problem);
        return undefined;
      }
      return { kind: "oidc", role: read.value };
    }
    case "alicloud:profile":
    case "alicloud:sharedCredentialsFile":
      return {
        kind: "chain",
        profile: reader.text("alicloud:profile") ?? reader.variable(...PROFILE_VARIABLES)?.value,
        profilesFile:
          reader.text("alicloud:sharedCredentialsFile") ?? reader.variable(PROFILES_FILE_VARIABLE)?.value,
      };
    default:
      return wholeSet(
        reader,
        {
          id: reader.text("alicloud:accessKey"),
          secret: reader.secret("alicloud:secretKey"),
          token: reader.secret("alicloud:securityToken"),
        },
        { id: "alicloud:accessKey", secret: "alicloud:secretKey", token: "alicloud:securityToken" },
      );
  }
}

function isKeys(key: string | undefined): boolean {
  return CONFIGURED_IDENTITIES[0].some((one) => one === key);
}

function isProfile(key: string | undefined): boolean {
  return CONFIGURED_IDENTITIES[4].some((one) => one === key);
}

function baseOfEnvironment(reader: SettingsReader): BaseSource | undefined {
  for (const family of KEY_FAMILIES) {
    const values = {
      id: reader.variable(family.id)?.value,
      secret: reader.secretVariable(family.secret)?.value,
      token: reader.secretVariable(family.token)?.value,
    };
    if (Object.values(values).some((value) => value !== undefined)) {
      return wholeSet(reader, values, family);
    }
  }
  const profile = reader.variable(...PROFILE_VARIABLES)?.value;
  const profilesFile = reader.variable(PROFILES_FILE_VARIABLE)?.value;
  if (profile === undefined && profilesFile === undefined) {
    const instance = reader.variable(INSTANCE_ROLE_VARIABLE);
    if (instance !== undefined) {
      reader.check(instance.name, instance.value, roleName);
      return { kind: "instance", roleName: instance.value };
    }
    const uri = reader.variable(CREDENTIALS_URI_VARIABLE);
    if (uri !== undefined) {
      reader.check(uri.name, uri.value, credentialsUri);
      return { kind: "uri", uri: uri.value };
    }
  }
  return { kind: "chain", profile, profilesFile };
}

function roleOfConfig(reader: SettingsReader): Role | undefined {
  const text = reader.text("alicloud:assumeRole");
  const read = text === undefined ? undefined : readRole(text);
  // What is wrong with it was noted when it was read.
  return read === undefined || "problem" in read ? undefined : read.value;
}

function roleOfEnvironment(reader: SettingsReader): Role | undefined {
  const arn = reader.variable(...ROLE_ARN_VARIABLES);
  const isRrsa = RRSA_VARIABLES.every((name) => reader.variable(name) !== undefined);
  if (arn === undefined || (isRrsa && arn.name === ROLE_ARN_VARIABLES[1])) {
    return undefined;
  }
  const sessionName = reader.variable(...SESSION_NAME_VARIABLES);
  const seconds = reader.variable(SESSION_SECONDS_VARIABLE);
  if (!isRoleArn(arn.value)) {
    reader.problem(arn.name, "must be the ARN of a role: acs:ram::<account>:role/<name>");
  }
  if (sessionName !== undefined) {
    reader.check(sessionName.name, sessionName.value, sessionNameProblem);
  }
  if (seconds !== undefined) {
    reader.check(seconds.name, seconds.value, sessionProblem);
  }
  return { arn: arn.value, sessionName: sessionName?.value, ...lasting(seconds?.value) };
}

type Parts<Value> = Record<"id" | "secret" | "token", Value>;

function wholeSet(
  reader: SettingsReader,
  { id, secret, token }: Parts<string | undefined>,
  labels: Parts<string>,
): BaseSource | undefined {
  if (id !== undefined && secret !== undefined) {
    return { kind: "keys", keys: { accessKeyId: id, accessKeySecret: secret, securityToken: token } };
  }
  const missing = [id === undefined ? labels.id : "", secret === undefined ? labels.secret : ""].filter(
    (one) => one !== "",
  );
  const present = [
    id === undefined ? "" : labels.id,
    secret === undefined ? "" : labels.secret,
    token === undefined ? "" : labels.token,
  ].filter((one) => one !== "");
  const are = present.length > 1 ? "are" : "is";
  reader.complain(`${present.join(" and ")} ${are} set without ${missing.join(" and ")}.`);
  return undefined;
}
