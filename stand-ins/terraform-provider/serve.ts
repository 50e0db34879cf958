import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { diagnostic } from "./errors";

export type Rpcs = Record<string, (request: never) => Promise<object>>;

/** A gRPC server that answers with these remote procedures, on a unix socket. */
export async function serve(options: {
  socket: string;
  credentials: grpc.ServerCredentials;
  rpcs: Rpcs;
  /** Terraform has asked the process to end: called while the answer is still to be sent. */
  onShutdown: (server: grpc.Server) => void;
}): Promise<grpc.Server> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const handlers = Object.entries(options.rpcs).map(([name, rpc]) => [name, unary(rpc)] as const);
  server.addService(service("tfplugin5.proto", "tfplugin5.Provider"), Object.fromEntries(handlers));
  server.addService(service("grpc_controller.proto", "plugin.GRPCController"), {
    Shutdown: unary(async () => {
      options.onShutdown(server);
      return {};
    }),
  });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${options.socket}`, options.credentials, (error) => (error ? reject(error) : resolve()));
  });
  return server;
}

function service(file: string, name: string): grpc.ServiceDefinition {
  const options = { keepCase: true, longs: Number, enums: String, defaults: true };
  return loadSync(join(__dirname, file), options)[name] as grpc.ServiceDefinition;
}

/** Failures are diagnostics, never a gRPC status: Terraform shows the first and hides the second. */
function unary(rpc: (request: never) => Promise<object>): grpc.UntypedHandleCall {
  const handler: grpc.handleUnaryCall<unknown, object> = (call, reply) => {
    rpc(call.request as never).then(
      (response) => reply(null, response),
      (error: unknown) => reply(null, { diagnostics: [diagnostic(error)] }),
    );
  };
  return handler as grpc.UntypedHandleCall;
}
