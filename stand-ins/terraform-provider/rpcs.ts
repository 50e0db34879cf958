import { settle } from "./api-values";
import { type ProviderSettings, providerSettings } from "./credentials";
import { DomainBackend } from "./domain-backend";
import { ConfigurationError, diagnostic, PartlyCreatedError, ServiceError, wirePath } from "./errors";
import { OciClient } from "./oci-client";
import { planChange } from "./plan";
import { domainType, ignoringCase, scimResource } from "./resources";
import { type Block, overlayOf, type ProviderSchema, typeOfBlock } from "./schema";
import { ScimBackend } from "./scim-backend";
import { checkTimeouts } from "./timeouts";
import {
  decodeBlock,
  emptyObject,
  encodeValue,
  fromStateJson,
  isKnown,
  type ObjectValue,
  type Value,
  withoutUnknowns,
} from "./values";
import { identityCall } from "./work-requests";

interface Dynamic {
  msgpack: Uint8Array;
}
interface TypeRequest {
  type_name: string;
}
interface ConfigRequest extends TypeRequest {
  config: Dynamic;
}
interface ChangeRequest extends ConfigRequest {
  prior_state: Dynamic;
}

/** What a resource type or data source can do with the API. */
type Backend = DomainBackend | ScimBackend;

/**
 * The provider's remote procedures, by name. Requests and replies have the shape of `tfplugin5.proto`.
 * @param refusal says why this process must not touch any API; it is reported when Terraform configures the provider
 * @param environment where settings come from that the provider block leaves out
 */
export function providerRpcs(
  schema: ProviderSchema,
  refusal: () => string | undefined,
  environment: Record<string, string | undefined> = process.env,
) {
  let client: OciClient | undefined;
  let settings: ProviderSettings | undefined;

  function backend(typeName: string, block: Block, isResource: boolean): Backend {
    if (!client || !settings) throw new Error("the provider is not configured");
    if (typeName === domainType) {
      return new DomainBackend(identityCall(client, settings.identityEndpoint), block, settings.ignoredTags);
    }
    const overlay = isResource ? overlayOf(typeName) : undefined;
    return new ScimBackend(client, scimResource(typeName), block, overlay, settings.ignoredTags);
  }
  const resourceBackend = (typeName: string) => backend(typeName, schema.resource(typeName), true);

  return {
    async GetSchema() {
      return schema.reply();
    },

    async PrepareProviderConfig({ config }: { config: Dynamic }) {
      return { prepared_config: config };
    },

    async Configure({ config }: { config: Dynamic }) {
      const refused = refusal();
      if (refused !== undefined) throw new Error(refused);
      settings = providerSettings(decodeBlock(config.msgpack, schema.provider) ?? {}, environment);
      client = new OciClient(settings.key, settings.retries, settings.ca);
      return {};
    },

    async ValidateResourceTypeConfig({ type_name, config }: ConfigRequest) {
      const values = decodeBlock(config.msgpack, schema.resource(type_name)) ?? {};
      refuseAuthorization(values);
      checkTimeouts(values);
      return {};
    },

    async ValidateDataSourceConfig({ type_name, config }: ConfigRequest) {
      refuseAuthorization(decodeBlock(config.msgpack, schema.dataSource(type_name)) ?? {});
      return {};
    },

    async UpgradeResourceState({ type_name, raw_state }: TypeRequest & { raw_state: { json: Uint8Array } }) {
      const json: unknown = JSON.parse(Buffer.from(raw_state.json).toString("utf8"));
      return { upgraded_state: dynamic(fromStateJson(json, schema.resource(type_name))) };
    },

    async ReadResource({ type_name, current_state }: TypeRequest & { current_state: Dynamic }) {
      const current = decodeBlock(current_state.msgpack, schema.resource(type_name));
      if (!current) return { new_state: dynamic(null) };
      const found = await unlessGone(resourceBackend(type_name).read(current));
      return { new_state: dynamic(found ?? null) };
    },

    async PlanResourceChange(request: ChangeRequest & { proposed_new_state: Dynamic }) {
      const block = schema.resource(request.type_name);
      const overlay = overlayOf(request.type_name);
      const proposed = decodeBlock(request.proposed_new_state.msgpack, block);
      if (!proposed) return { planned_state: dynamic(null), legacy_type_system: overlay.legacy };
      const { planned, requiresReplace } = planChange(
        block,
        overlay,
        {
          prior: decodeBlock(request.prior_state.msgpack, block),
          proposed,
          config: decodeBlock(request.config.msgpack, block) ?? {},
        },
        ignoringCase(request.type_name),
      );
      return {
        planned_state: dynamic(planned),
        requires_replace: requiresReplace.map(wirePath),
        legacy_type_system: overlay.legacy,
      };
    },

    async ApplyResourceChange(request: ChangeRequest & { planned_state: Dynamic }) {
      const block = schema.resource(request.type_name);
      const legacy_type_system = overlayOf(request.type_name).legacy;
      const prior = decodeBlock(request.prior_state.msgpack, block);
      const planned = decodeBlock(request.planned_state.msgpack, block);
      try {
        const api = resourceBackend(request.type_name);
        if (!planned) {
          if (prior) await unlessGone(api.delete(prior));
          return { new_state: dynamic(null), legacy_type_system };
        }
        const result = prior ? await api.update(planned, prior) : await api.create(planned);
        const state = withoutUnknowns(settle(result, planned, typeOfBlock(block)));
        return { new_state: dynamic(state), legacy_type_system };
      } catch (error) {
        const made = error instanceof PartlyCreatedError && planned ? { ...planned, id: error.id } : prior;
        return { new_state: dynamic(withoutUnknowns(made)), legacy_type_system, diagnostics: [diagnostic(error)] };
      }
    },

    async ImportResourceState({ type_name, id }: TypeRequest & { id: string }) {
      const imported = resourceBackend(type_name).importedAttributes(id);
      const state = { ...emptyObject(schema.resource(type_name)), ...imported };
      return { imported_resources: [{ type_name, state: dynamic(state) }] };
    },

    async ReadDataSource({ type_name, config }: ConfigRequest) {
      const block = schema.dataSource(type_name);
      const values = decodeBlock(config.msgpack, block) ?? {};
      return { state: dynamic(withoutUnknowns(await backend(type_name, block, false).read(values))) };
    },

    // Terraform lets the running calls finish and saves their results: there is nothing to interrupt.
    async Stop() {
      return { Error: "" };
    },
  };
}

function dynamic(value: Value): Dynamic {
  return { msgpack: encodeValue(value) };
}

/** 404: the object is gone, which refresh and delete take for an answer. */
async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return undefined;
    throw error;
  }
}

function refuseAuthorization(values: ObjectValue): void {
  if (!isKnown(values.authorization)) return;
  throw new ConfigurationError("authorization is not supported by the local stand-in: requests are signed", [
    "authorization",
  ]);
}
