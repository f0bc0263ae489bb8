/** Holds each call of a model back until what the model said before it was judged. */
export class CallGate {
  readonly #gates = new Map<string, PromiseWithResolvers<void>>();

  /** Lets the call begin. */
  open(callId: string): void {
    this.#gate(callId).resolve();
  }

  /** Resolves once the call may begin; never, when it may not. */
  async passed(callId: string): Promise<void> {
    await this.#gate(callId).promise;
    this.#gates.delete(callId);
  }

  #gate(callId: string): PromiseWithResolvers<void> {
    const gate = this.#gates.get(callId) ?? Promise.withResolvers<void>();
    this.#gates.set(callId, gate);
    return gate;
  }
}
