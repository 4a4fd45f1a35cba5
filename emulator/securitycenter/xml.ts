/** A value as XML in the manner of RPC services: list items repeat the name of the list. */
export function toXml(root: string, value: object): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${element(root, value)}`;
}

type Value = string | number | boolean | object | null | undefined;

function element(name: string, value: Value): string {
  if (value === undefined || value === null) {
    return "";
  }
  if (Array.isArray(value)) {
    return value.map((item: Value) => element(name, item)).join("");
  }
  if (typeof value === "object") {
    const members = Object.entries(value).map(([member, content]) => element(member, content as Value));
    return `<${name}>${members.join("")}</${name}>`;
  }
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
