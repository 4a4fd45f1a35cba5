import * as pulumi from "@pulumi/pulumi";
import type { SettingsTable } from "../core/settings";
import { didYouMean } from "../core/suggest";

/** The settings of every cloud, under the name that an explicit provider gives it. */
export type CloudSettings = Readonly<Record<string, SettingsTable>>;

/**
 * The inputs of an explicit provider. What is given for a cloud must be whole; a cloud that is left out is taken over from the
 * stack config, because a provider's process sees only what it is given.
 *
 * @throws RunError, which Pulumi prints as one sentence, listing everything wrong with one cloud's settings
 */
export function explicitConfig(name: string, clouds: CloudSettings, args: object): pulumi.Inputs {
  const known = Object.keys(clouds);
  for (const given of Object.keys(args)) {
    if (!known.includes(given)) {
      throw new pulumi.RunError(
        `Provider "${name}": ${given} is not a cloud of this package.${didYouMean(given, known)}`,
      );
    }
  }
  const config: pulumi.Inputs = {};
  for (const [cloud, table] of Object.entries(clouds)) {
    const given = (args as Record<string, object | undefined>)[cloud];
    Object.assign(
      config,
      given === undefined ? fromStackConfig(table) : fromArguments(name, cloud, table, { ...given }),
    );
  }
  return config;
}

function fromArguments(
  name: string,
  cloud: string,
  { configKeys, secrets, credentials, findsCredentials, required }: SettingsTable,
  given: Record<string, unknown>,
): pulumi.Inputs {
  const names = Object.keys(configKeys);
  const problems: string[] = [];
  const isGiven = (setting: string): boolean =>
    given[setting] !== undefined && given[setting] !== null && given[setting] !== "";
  for (const setting of Object.keys(given)) {
    if (!names.includes(setting)) {
      problems.push(`${setting} is not a setting.${didYouMean(setting, names)}`);
    }
  }
  for (const setting of required.filter((one) => !isGiven(one))) {
    problems.push(`${setting} is required.`);
  }
  // Credentials of another source must never be sent to an endpoint that was given here.
  const begun = credentials.filter((group) => group.some(isGiven));
  const isWhole = begun.some((group) => group.every(isGiven));
  if (!isWhole && (begun.length > 0 || findsCredentials !== true)) {
    problems.push(
      `credentials are required: ${credentials.map((group) => group.join(" and ")).join(", or ")}.`,
    );
  }
  if (problems.length > 0) {
    throw new pulumi.RunError(`Provider "${name}", ${cloud}: ${problems.join(" ")}`);
  }
  return Object.fromEntries(
    Object.entries(configKeys)
      .filter(([setting]) => isGiven(setting))
      .map(([setting, configKey]) => {
        const value = asText(given[setting]);
        return [configKey, secrets.includes(setting) ? pulumi.secret(value) : value];
      }),
  );
}

function fromStackConfig({ configKeys, secrets }: SettingsTable): pulumi.Inputs {
  return Object.fromEntries(
    Object.entries(configKeys).flatMap(([setting, configKey]) => {
      const [namespace = "", key = ""] = configKey.split(":");
      const config = new pulumi.Config(namespace);
      const value = secrets.includes(setting) ? config.getSecret(key) : config.get(key);
      return value === undefined ? [] : [[configKey, value]];
    }),
  );
}

/** Config values are text; numbers and booleans are written out as stack config would hold them. */
function asText(value: unknown): pulumi.Output<string> {
  return pulumi.output(value as pulumi.Input<string | number | boolean>).apply(String);
}
