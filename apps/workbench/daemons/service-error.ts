/** Why an outside service did not answer: it does not accept who asks, asks to come later, cannot be reached now, or answered something else. */
export type ServiceFault = 'refused' | 'busy' | 'away' | 'unexpected';

/** An outside service did not give what was asked for. The message names the service and is fit for people; it holds no token and no address with one. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly fault: ServiceFault;
  /** How long the service wants to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(fault: ServiceFault, message: string, options: ErrorOptions & { readonly retryAfterMs?: number } = {}) {
    super(message, options);
    this.fault = fault;
    this.retryAfterMs = options.retryAfterMs;
  }
}
