import type { MessageView, PaymentView, SessionView } from '../../server/http/contract.ts';

export const payment: PaymentView = {
  currency: 'USD',
  balance: 100_000,
  tab: 0,
  tipPercentage: null,
  tip: 0,
  total: 0,
  paidTotal: 0,
  status: 'pending',
  link: null,
  needsReconciliation: false,
  charging: null,
  isSimulated: true,
  takesPayments: true,
};

export const emptySession: SessionView = {
  revision: 1,
  phase: 'greeting',
  messagesFrom: 0,
  messages: [],
  order: { items: [], isFinished: false },
  payment,
  keys: { gemini: 'none', cartesia: 'none', isGeminiNeeded: false },
  isBusy: false,
};

export const asked = (id: string, text = 'A beer'): MessageView => ({ id, role: 'user', text, at: 0 });

export const replied = (id: string, text = 'Coming up!'): MessageView => ({ id: `${id}.reply`, role: 'assistant', text, at: 0 });
