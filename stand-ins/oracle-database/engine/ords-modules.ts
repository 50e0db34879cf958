import { OracleError } from "../database";
import { integer } from "./numbers";
import { mandatory, oneOf, optional, type SchemaProcedure } from "./ords-procedures";
import { checkName, invented, type OrdsSchema } from "./ords-schema";
import type { Row } from "./rows";

const moduleStatuses = ["PUBLISHED", "NOT_PUBLISHED"];

/** Keeps ORDS's own way of reporting a base path that another module has. */
function insertModule(schema: OrdsSchema, values: Row): void {
  try {
    schema.insert("ORDS_MODULES", values);
  } catch (error) {
    if (!(error instanceof OracleError) || !error.message.includes("ORDS_UNIQUE_PREFIX_UC")) throw error;
    throw new OracleError(1403, `ORA-01403: no data found\n${error.message}`);
  }
}

export const moduleProcedures: SchemaProcedure[] = [
  {
    name: "DEFINE_MODULE",
    parameters: [
      mandatory("P_MODULE_NAME"),
      mandatory("P_BASE_PATH"),
      optional("P_ITEMS_PER_PAGE", integer(25), "NUMBER"),
      optional("P_STATUS", "PUBLISHED"),
      optional("P_COMMENTS"),
    ],
    run: (schema, given) => {
      const name = given.text("P_MODULE_NAME");
      checkName("module", name, /\S/);
      const status = oneOf("status", given.text("P_STATUS"), moduleStatuses);
      // The manual says that the module and its handlers are replaced. Whether its privileges survive is not known: here
      // they do not, since believing a module protected that is not would be the worse mistake.
      const existing = schema.find("ORDS_MODULES", { NAME: name });
      if (existing) schema.deleteWithChildren("ORDS_MODULES", existing);
      insertModule(schema, {
        NAME: name,
        URI_PREFIX: given.text("P_BASE_PATH"),
        ITEMS_PER_PAGE: given.number("P_ITEMS_PER_PAGE"),
        STATUS: status,
        COMMENTS: given.text("P_COMMENTS"),
      });
    },
  },
  {
    name: "DELETE_MODULE",
    parameters: [mandatory("P_MODULE_NAME")],
    run: (schema, given) => {
      schema.deleteWithChildren("ORDS_MODULES", schema.named("ORDS_MODULES", given.text("P_MODULE_NAME")));
    },
  },
  {
    name: "PUBLISH_MODULE",
    parameters: [mandatory("P_MODULE_NAME"), optional("P_STATUS", "PUBLISHED")],
    run: (schema, given) => {
      const status = oneOf("status", given.text("P_STATUS"), moduleStatuses);
      schema.update("ORDS_MODULES", schema.named("ORDS_MODULES", given.text("P_MODULE_NAME")), { STATUS: status });
    },
  },
  {
    name: "SET_MODULE_ORIGINS_ALLOWED",
    parameters: [mandatory("P_MODULE_NAME"), mandatory("P_ORIGINS_ALLOWED")],
    run: (schema, given) => {
      const module = schema.named("ORDS_MODULES", given.text("P_MODULE_NAME"));
      schema.update("ORDS_MODULES", module, { ORIGINS_ALLOWED: given.text("P_ORIGINS_ALLOWED") });
    },
  },
  {
    name: "DEFINE_TEMPLATE",
    parameters: [
      mandatory("P_MODULE_NAME"),
      mandatory("P_PATTERN"),
      optional("P_PRIORITY", integer(0), "NUMBER"),
      optional("P_ETAG_TYPE", "HASH"),
      optional("P_ETAG_QUERY"),
      optional("P_COMMENTS"),
    ],
    run: (schema, given) => {
      const module = schema.named("ORDS_MODULES", given.text("P_MODULE_NAME"));
      schema.hold("ORDS_MODULES", module);
      const values: Row = {
        MODULE_ID: module.ID!,
        URI_TEMPLATE: given.text("P_PATTERN"),
        PRIORITY: given.number("P_PRIORITY"),
        ETAG_TYPE: oneOf("ETag type", given.text("P_ETAG_TYPE"), ["HASH", "QUERY", "NONE"]),
        ETAG_QUERY: given.text("P_ETAG_QUERY"),
        COMMENTS: given.text("P_COMMENTS"),
      };
      const existing = schema.find("ORDS_TEMPLATES", { MODULE_ID: module.ID!, URI_TEMPLATE: values.URI_TEMPLATE! });
      if (existing) schema.update("ORDS_TEMPLATES", existing, values);
      else schema.insert("ORDS_TEMPLATES", values);
    },
  },
  {
    name: "DEFINE_HANDLER",
    parameters: [
      mandatory("P_MODULE_NAME"),
      mandatory("P_PATTERN"),
      optional("P_METHOD", "GET"),
      optional("P_SOURCE_TYPE", "json/collection"),
      mandatory("P_SOURCE", "CLOB"),
      optional("P_ITEMS_PER_PAGE", null, "NUMBER"),
      optional("P_MIMES_ALLOWED"),
      optional("P_COMMENTS"),
    ],
    run: (schema, given) => {
      const module = schema.named("ORDS_MODULES", given.text("P_MODULE_NAME"));
      const pattern = given.text("P_PATTERN");
      const template = schema.find("ORDS_TEMPLATES", { MODULE_ID: module.ID!, URI_TEMPLATE: pattern });
      if (!template) throw invented.notFound("Template", pattern);
      schema.hold("ORDS_TEMPLATES", template);
      const values: Row = {
        TEMPLATE_ID: template.ID!,
        METHOD: oneOf("method", given.text("P_METHOD"), ["GET", "POST", "PUT", "DELETE"]),
        SOURCE_TYPE: oneOf("source type", given.text("P_SOURCE_TYPE"), Object.values(sourceTypes)),
        SOURCE: given.text("P_SOURCE"),
        ITEMS_PER_PAGE: given.number("P_ITEMS_PER_PAGE"),
        MIMES_ALLOWED: given.text("P_MIMES_ALLOWED"),
        COMMENTS: given.text("P_COMMENTS"),
      };
      const existing = schema.find("ORDS_HANDLERS", { TEMPLATE_ID: template.ID!, METHOD: values.METHOD! });
      if (!existing) schema.insert("ORDS_HANDLERS", values);
      else {
        schema.update("ORDS_HANDLERS", existing, values);
        schema.deleteAll("ORDS_PARAMETERS", { HANDLER_ID: existing.ID! });
      }
    },
  },
  {
    name: "DEFINE_PARAMETER",
    parameters: [
      mandatory("P_MODULE_NAME"),
      mandatory("P_PATTERN"),
      mandatory("P_METHOD"),
      mandatory("P_NAME"),
      optional("P_BIND_VARIABLE_NAME"),
      optional("P_SOURCE_TYPE", "HEADER"),
      optional("P_PARAM_TYPE", "STRING"),
      optional("P_ACCESS_METHOD", "IN"),
      optional("P_COMMENTS"),
    ],
    run: (schema, given) => {
      const module = schema.named("ORDS_MODULES", given.text("P_MODULE_NAME"));
      const [pattern, method] = [given.text("P_PATTERN"), given.text("P_METHOD")];
      const template = schema.find("ORDS_TEMPLATES", { MODULE_ID: module.ID!, URI_TEMPLATE: pattern });
      if (!template) throw invented.notFound("Template", pattern);
      const handler = schema.find("ORDS_HANDLERS", { TEMPLATE_ID: template.ID!, METHOD: method });
      if (!handler) throw invented.notFound("Handler", method);
      schema.hold("ORDS_HANDLERS", handler);
      const values: Row = {
        HANDLER_ID: handler.ID!,
        NAME: given.text("P_NAME"),
        BIND_VARIABLE_NAME: given.text("P_BIND_VARIABLE_NAME") ?? given.text("P_NAME"),
        SOURCE_TYPE: oneOf("source type", given.text("P_SOURCE_TYPE"), ["HEADER", "RESPONSE", "URI"]),
        ACCESS_METHOD: oneOf("access method", given.text("P_ACCESS_METHOD"), ["IN", "OUT", "INOUT"]),
        PARAM_TYPE: oneOf("parameter type", given.text("P_PARAM_TYPE"), parameterTypes),
        COMMENTS: given.text("P_COMMENTS"),
      };
      const key: Row = { HANDLER_ID: handler.ID!, NAME: values.NAME!, BIND_VARIABLE_NAME: values.BIND_VARIABLE_NAME! };
      const existing = schema.find("ORDS_PARAMETERS", key);
      if (existing) schema.update("ORDS_PARAMETERS", existing, values);
      else schema.insert("ORDS_PARAMETERS", values);
    },
  },
];

const parameterTypes = ["BOOLEAN", "DOUBLE", "INT", "LONG", "RESULTSET", "STRING", "TIMESTAMP"];

/** Package constants. */
export const sourceTypes = {
  SOURCE_TYPE_COLLECTION_FEED: "json/collection",
  SOURCE_TYPE_COLLECTION_ITEM: "json/item",
  SOURCE_TYPE_QUERY: "json/query",
  SOURCE_TYPE_CSV_QUERY: "csv/query",
  SOURCE_TYPE_MEDIA: "resource/lob",
  SOURCE_TYPE_PLSQL: "plsql/block",
};
