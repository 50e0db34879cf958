import type { Actual } from "./read";
import type { Statement } from "./statements";

/** A first API to protect: `GET <schema>/hello/me` answers `{"greeting":"Hello <current user>"}`. */
export const sampleModule = "hello";

/** REST-enables the schema if it is not, and publishes the module if it is missing. */
export function publishSample(actual: Actual): Statement[] {
  return [
    ...(actual.basePath === null ? [enableSchema(actual.schema)] : []),
    ...(actual.modules.includes(sampleModule) ? [] : [publishModule()]),
  ];
}

/** Removes the module; the schema stays REST-enabled, since other modules may live in it. */
export function removeSample(actual: Actual): Statement[] {
  if (!actual.modules.includes(sampleModule)) return [];
  return [{ plsql: "BEGIN\n  ORDS.DELETE_MODULE(p_module_name => :module);\nEND;", binds: { module: sampleModule } }];
}

function enableSchema(schema: string): Statement {
  return {
    plsql: `BEGIN
  ORDS.ENABLE_SCHEMA(
    p_enabled             => TRUE,
    p_schema              => :schema,
    p_url_mapping_type    => 'BASE_PATH',
    p_url_mapping_pattern => :base_path,
    p_auto_rest_auth      => TRUE);
END;`,
    binds: { schema, base_path: schema.toLowerCase() },
  };
}

function publishModule(): Statement {
  return {
    plsql: `BEGIN
  ORDS.DEFINE_MODULE(p_module_name => :module, p_base_path => :base_path);
  ORDS.DEFINE_TEMPLATE(p_module_name => :module, p_pattern => 'me');
  ORDS.DEFINE_HANDLER(
    p_module_name => :module,
    p_pattern     => 'me',
    p_method      => 'GET',
    p_source_type => 'json/item',
    p_source      => :source);
END;`,
    binds: {
      module: sampleModule,
      base_path: `/${sampleModule}/`,
      source: "SELECT 'Hello ' || :current_user AS greeting FROM dual",
    },
  };
}
