import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../core/errors";
import type { SettingsTable } from "../core/settings";
import { didYouMean } from "../core/suggest";

/** The settings of every cloud, by config namespace. */
export type CloudSettings = Readonly<Record<string, SettingsTable>>;

/**
 * The inputs of an explicit provider. What is given for a cloud must be whole; a cloud that is left out is taken over from the
 * stack config, because a provider's process sees only what it is given.
 *
 * @throws ConfigError listing everything wrong with one cloud's settings
 */
export function explicitConfig(name: string, clouds: CloudSettings, args: object): pulumi.Inputs {
  const namespaces = Object.keys(clouds);
  for (const given of Object.keys(args)) {
    if (!namespaces.includes(given)) {
      throw new ConfigError(
        `Provider "${name}": ${given} is not a cloud of this package.${didYouMean(given, namespaces)}`,
      );
    }
  }
  const config: pulumi.Inputs = {};
  for (const [namespace, table] of Object.entries(clouds)) {
    const given = (args as Record<string, object | undefined>)[namespace];
    const settings =
      given === undefined
        ? fromStackConfig(namespace, table)
        : fromArguments(name, namespace, table, { ...given });
    Object.assign(config, settings);
  }
  return config;
}

function fromArguments(
  name: string,
  namespace: string,
  { keys, secrets, credentials, required }: SettingsTable,
  given: Record<string, unknown>,
): pulumi.Inputs {
  const problems: string[] = [];
  const isGiven = (key: string): boolean =>
    given[key] !== undefined && given[key] !== null && given[key] !== "";
  for (const key of Object.keys(given)) {
    if (!keys.includes(key)) {
      problems.push(`${key} is not a setting.${didYouMean(key, keys)}`);
    }
  }
  for (const key of required.filter((one) => !isGiven(one))) {
    problems.push(`${key} is required.`);
  }
  // Credentials of another source must never be sent to an endpoint that was given here.
  if (!credentials.some((group) => group.every(isGiven))) {
    problems.push(
      `credentials are required: ${credentials.map((group) => group.join(" and ")).join(", or ")}.`,
    );
  }
  if (problems.length > 0) {
    throw new ConfigError(`Provider "${name}", ${namespace}: ${problems.join(" ")}`);
  }
  return Object.fromEntries(
    keys.filter(isGiven).map((key) => {
      const value = asText(given[key]);
      return [`${namespace}:${key}`, secrets.includes(key) ? pulumi.secret(value) : value];
    }),
  );
}

function fromStackConfig(namespace: string, { keys, secrets }: SettingsTable): pulumi.Inputs {
  const config = new pulumi.Config(namespace);
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = secrets.includes(key) ? config.getSecret(key) : config.get(key);
      return value === undefined ? [] : [[`${namespace}:${key}`, value]];
    }),
  );
}

/** Config values are text; numbers and booleans are written out as stack config would hold them. */
function asText(value: unknown): pulumi.Output<string> {
  return pulumi.output(value as pulumi.Input<string | number | boolean>).apply(String);
}
