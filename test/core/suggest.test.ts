import { didYouMean } from "../../provider/core/suggest";

test.each<[string, string[], string]>([
  ["webhookURL", ["webhookUrl", "name"], ' Did you mean "webhookUrl"?'],
  ["nmae", ["webhookUrl", "name"], ' Did you mean "name"?'],
  ["atPersonPhones", ["atPersons"], ""],
  ["ID", ["id"], ' Did you mean "id"?'],
  ["x", ["id"], ""],
  ["ix", ["id"], ' Did you mean "id"?'],
  ["colour", ["name", "secret"], ""],
  ["name", [], ""],
  ["", ["id"], ""],
  // Equal but for capitals goes before what is merely near.
  ["SECRET", ["secre", "secret"], ' Did you mean "secret"?'],
])("for %s among %j the suggestion is [%s]", (given, candidates, suggestion) => {
  expect(didYouMean(given, candidates)).toBe(suggestion);
});
