import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "./http";
import { newOcid } from "./identifiers";

export interface Operation {
  operationType: string;
  compartmentId: string;
  domainId: string;
  /** What the work request says was done to the domain. The provider waits for UPDATED after a delete, too. */
  actionType: "CREATED" | "UPDATED";
  /** Carries the operation out when its time has come; what it throws becomes the work request's error. */
  finish: () => void | Promise<void>;
}

interface WorkRequestError {
  code: string;
  message: string;
  timestamp: string;
}

interface WorkRequest {
  view: Record<string, unknown>;
  errors: WorkRequestError[];
}

/** In milliseconds, or until a promise is fulfilled; alike for all operations, or by operation. */
export type WorkRequestDuration = number | ((operationType: string) => number | Promise<unknown>);

/** Asynchronous operations: accepted at once, carried out after a while. */
export class WorkRequests {
  private readonly requests = new Map<string, WorkRequest>();
  private readonly stopped = new AbortController();

  /** @param duration how long a work request stays IN_PROGRESS */
  constructor(private readonly duration: WorkRequestDuration) {}

  /** Starts an operation and returns the id of its work request. */
  start({ operationType, compartmentId, domainId, actionType, finish }: Operation): string {
    const id = newOcid("iamworkrequest");
    const resource = {
      entityType: "domain",
      actionType: "IN_PROGRESS",
      identifier: domainId,
      entityUri: `/20160918/domains/${domainId}`,
    };
    const now = new Date().toISOString();
    const request: WorkRequest = {
      view: {
        id,
        operationType,
        status: "IN_PROGRESS",
        compartmentId,
        resources: [resource],
        percentComplete: 0,
        timeAccepted: now,
        timeStarted: now,
      },
      errors: [],
    };
    this.requests.set(id, request);
    const duration = typeof this.duration === "number" ? this.duration : this.duration(operationType);
    const { signal } = this.stopped;
    const over = typeof duration === "number" ? sleep(duration, undefined, { signal, ref: false }) : duration;
    over.then(
      async () => {
        if (signal.aborted) return;
        try {
          await finish();
          resource.actionType = actionType;
          Object.assign(request.view, { status: "SUCCEEDED", percentComplete: 100 });
        } catch (error) {
          const timestamp = new Date().toISOString();
          const refusal = error instanceof Refusal ? (error.reply.body as { code?: string }) : {};
          request.errors.push({
            code: refusal.code ?? "InternalServerError",
            message: (error as Error).message,
            timestamp,
          });
          request.view.status = "FAILED";
        }
        // Only now: Oracle's TypeScript waiter takes a work request with timeFinished for a finished one.
        request.view.timeFinished = new Date().toISOString();
      },
      (error: unknown) => {
        if (!signal.aborted) throw error;
      },
    );
    return id;
  }

  /** The work request as the API shows it. */
  get(id: string): Record<string, unknown> | undefined {
    return this.requests.get(id)?.view;
  }

  errors(id: string): WorkRequestError[] | undefined {
    return this.requests.get(id)?.errors;
  }

  /** Forgets what is still in progress. */
  stop(): void {
    this.stopped.abort();
  }
}
