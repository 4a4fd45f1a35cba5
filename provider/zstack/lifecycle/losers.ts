import { messageOf } from "../../core/errors";
import type { Context } from "../../core/lifecycle/definition";
import type { Lookup } from "../api/query";
import type { ZStackConnection } from "../connection";

/** What a delete takes away from others, in the words of warnings. All look-ups share queries, however many objects are deleted. */

type Ctx = Context<ZStackConnection>;

/**
 * Warns of what a delete is about to take away.
 *
 * @param what what is looked for, in words
 * @param look the warning; `undefined` when there is nothing to warn of
 */
export async function warnOf(ctx: Ctx, what: string, look: () => Promise<string | undefined>): Promise<void> {
  try {
    const warning = await look();
    if (warning !== undefined) {
      ctx.log.warn(warning);
    }
  } catch (error) {
    // The warning is a service; an account that may not see the others can still delete its own object.
    ctx.log.progress(`Could not look for ${what}: ${messageOf(error)}`);
  }
}

/** Objects by name and uuid; by their uuid alone where their names cannot be had. */
export async function namesOf<Live extends { readonly uuid: string; readonly name: string | undefined }>(
  ctx: Ctx,
  lookup: Lookup<Live>,
  uuids: readonly string[],
): Promise<string[]> {
  const nameOf = async (uuid: string): Promise<string> => {
    const [live] = await ctx.connection.findAllOnce(lookup, uuid, ctx.signal).catch((error: unknown) => {
      ctx.log.progress(`Could not find the name of ${uuid}: ${messageOf(error)}`);
      return [];
    });
    return named(live ?? { uuid, name: undefined });
  };
  return Promise.all([...uuids].sort().map(nameOf));
}

/** An object in words. */
export function named({ name, uuid }: { readonly name: string | undefined; readonly uuid: string }): string {
  return name === undefined ? uuid : `"${name}" (${uuid})`;
}
