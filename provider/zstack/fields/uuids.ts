import { createHash, randomUUID } from "node:crypto";
import { text, type FieldType } from "../../core/fields/field-types";
import { idsOf } from "../../core/fields/ids";
import { trimmed } from "../../core/plain-text";

/** Ids as the server accepts them: 32 lower-case hex digits of a uuid, version 1 to 5 (fact sheet 8). */
const UUID_PATTERN = /^[0-9a-f]{12}[1-5][0-9a-f]{3}[89ab][0-9a-f]{15}$/;

/** A uuid for a new object. Dashes and capitals, as other tools print them, are normalised. */
export function uuid(): FieldType<string> {
  return uuidThat(
    (canonical) => UUID_PATTERN.test(canonical),
    "is no uuid as ZStack accepts them for a new object. Give 32 hex digits of version 1 to 5, such as crypto.randomUUID() gives, or leave it out.",
  );
}

/** The uuid of an object that exists. The server's own objects need not follow the rules for new ones. */
export function existingUuid(): FieldType<string> {
  return uuidThat(
    isUuidLike,
    "is no uuid. Give the 32 hex digits that the console shows, or a resource's `uuid`.",
  );
}

function uuidThat(isAccepted: (canonical: string) => boolean, refusal: string): FieldType<string> {
  const raw = text();
  return {
    shape: { kind: "text", form: "uuid" },
    normalise: (value, path, findings) => {
      const trimmed = raw.normalise(value, path, findings);
      if (typeof trimmed !== "string") {
        return trimmed;
      }
      const canonical = canonicalUuid(trimmed);
      if (isAccepted(canonical)) {
        return canonical;
      }
      findings.refuse(path, refusal);
      return undefined;
    },
  };
}

/** The uuids of existing objects, as arguments and as ids. */
export const normaliseUuid = idsOf(existingUuid());

/** A uuid as the server writes it: without what stands around it, without dashes, in lower case. */
export function canonicalUuid(given: string): string {
  return trimmed(given).replaceAll("-", "").toLowerCase();
}

/** Whether a text can be an id of the server's: old ones need not follow the rules for new ones. */
export function isUuidLike(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
}

/** The n-th uuid that belongs to a resource key: the same in every attempt, so that a create can be repeated safely. */
export function uuidFromKey(key: string, n: number): string {
  const hex = createHash("sha256").update(`${key}:${n}`).digest("hex").slice(0, 32);
  const variant = "89ab".charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return `${hex.slice(0, 12)}5${hex.slice(13, 16)}${variant}${hex.slice(17)}`;
}

/** A uuid that nothing else has. */
export function freshUuid(): string {
  return randomUUID().replaceAll("-", "");
}
