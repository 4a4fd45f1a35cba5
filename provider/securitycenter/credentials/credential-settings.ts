/** Who calls: which source of keys the settings name, and which role is assumed with them. */
import type { SettingsReader } from "../../core/settings/settings";
import { settings } from "../settings/table";
import type { AccessKeys } from "../transport/signer";
import {
  lasting,
  oidcRoleMembers,
  readOidcRole,
  readRole,
  roleMembers,
  type OidcRole,
  type Role,
} from "./roles";

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

const {
  accessKey,
  secretKey,
  securityToken,
  profile,
  sharedCredentialsFile,
  ecsRoleName,
  credentialsUri,
  assumeRole,
  assumeRoleWithOidc,
} = settings;

/** The variables of keys by family: an id of one never pairs with a secret of another. First found wins. */
const KEY_FAMILIES = ([0, 1, 2] as const).map((family) => ({
  id: accessKey.environment[family],
  secret: secretKey.environment[family],
  token: securityToken.environment[family],
}));

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

/** The settings that say who calls, by the identity they stand for. */
const KEYS = [accessKey, secretKey, securityToken] as const;
const PROFILE = [profile, sharedCredentialsFile] as const;
const IDENTITIES = [KEYS, [ecsRoleName], [assumeRoleWithOidc], [credentialsUri], PROFILE] as const;

/** The keys of the config, else of the environment; and the role they assume, of the same place or of the config. */
export function readCredentials(reader: SettingsReader): CredentialSource | undefined {
  const role = roleOfConfig(reader);
  const configured = IDENTITIES.map((identity) =>
    identity.filter((setting) => reader.configured(setting) !== undefined),
  ).filter((given) => given.length > 0);
  const isConfigured = configured.length > 0;
  const base = isConfigured ? baseOfConfig(reader, configured) : baseOfEnvironment(reader);
  const assumed = role ?? (isConfigured ? undefined : roleOfEnvironment(reader));
  return base === undefined || assumed === undefined ? base : { kind: "role", role: assumed, base };
}

type Identity = (typeof IDENTITIES)[number][number];

/** @param given the settings of each identity that the config names */
function baseOfConfig(
  reader: SettingsReader,
  given: readonly (readonly Identity[])[],
): BaseSource | undefined {
  const [[setting] = [], [other] = []] = given;
  // Keys beside a profile go before it, as in the vendor's tools; anything else would be a guess at who is meant.
  const isKeysAndProfile = KEYS.some((one) => one === setting) && PROFILE.some((one) => one === other);
  if (given.length > 2 || (given.length === 2 && !isKeysAndProfile)) {
    const keys = given.map(([one]) => one?.key);
    reader.complain(`${keys.join(" and ")} each say who calls: remove all but one of them.`);
    return undefined;
  }
  const text = setting === undefined ? undefined : reader.configured(setting);
  if (setting === undefined || text === undefined) {
    return undefined;
  }
  switch (setting.key) {
    case ecsRoleName.key:
      return { kind: "instance", roleName: text };
    case credentialsUri.key:
      return { kind: "uri", uri: text };
    case assumeRoleWithOidc.key: {
      const tokenFile = reader.variable(oidcRoleMembers.oidcTokenFile)?.value;
      const read = readOidcRole(text, tokenFile);
      if ("problem" in read) {
        reader.problem(setting.key, read.problem);
        return undefined;
      }
      return { kind: "oidc", role: read.value };
    }
    case profile.key:
    case sharedCredentialsFile.key:
      return {
        kind: "chain",
        profile: reader.value(profile),
        profilesFile: reader.value(sharedCredentialsFile),
      };
    default:
      return wholeSet(
        reader,
        {
          id: reader.configured(accessKey),
          secret: reader.configured(secretKey),
          token: reader.configured(securityToken),
        },
        { id: accessKey.key, secret: secretKey.key, token: securityToken.key },
      );
  }
}

function baseOfEnvironment(reader: SettingsReader): BaseSource | undefined {
  for (const family of KEY_FAMILIES) {
    const values = {
      id: reader.variable(accessKey, family.id)?.value,
      secret: reader.variable(secretKey, family.secret)?.value,
      token: reader.variable(securityToken, family.token)?.value,
    };
    if (Object.values(values).some((value) => value !== undefined)) {
      return wholeSet(reader, values, family);
    }
  }
  const named = reader.variable(profile)?.value;
  const profilesFile = reader.variable(sharedCredentialsFile)?.value;
  if (named === undefined && profilesFile === undefined) {
    const instance = reader.variable(ecsRoleName);
    if (instance !== undefined) {
      return { kind: "instance", roleName: instance.value };
    }
    const uri = reader.variable(credentialsUri);
    if (uri !== undefined) {
      return { kind: "uri", uri: uri.value };
    }
  }
  return { kind: "chain", profile: named, profilesFile };
}

function roleOfConfig(reader: SettingsReader): Role | undefined {
  const text = reader.configured(assumeRole);
  const read = text === undefined ? undefined : readRole(text);
  // What is wrong with it was noted when it was read.
  return read === undefined || "problem" in read ? undefined : read.value;
}

function roleOfEnvironment(reader: SettingsReader): Role | undefined {
  const [ownVariable, vendorsVariable] = roleMembers.roleArn.environment;
  const { oidcProviderArn, oidcTokenFile } = oidcRoleMembers;
  // With the other two variables of RRSA the vendor's name means a role of that, which is assumed in the vendor's chain.
  const isRrsa = [oidcProviderArn, oidcTokenFile].every((one) => reader.variable(one) !== undefined);
  const arn = reader.variable(roleMembers.roleArn, ownVariable, ...(isRrsa ? [] : [vendorsVariable]));
  if (arn === undefined) {
    return undefined;
  }
  const sessionName = reader.variable(roleMembers.sessionName)?.value;
  const seconds = reader.variable(roleMembers.sessionExpiration)?.value;
  return { arn: arn.value, sessionName, ...lasting(seconds) };
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
