import type { ErrorAnswer, KeysView, PaymentView, SessionAnswer, SessionView } from '../../server/http/contract.ts';
import type { Answer } from './made-up-bar.ts';
import { asked, emptySession, payment, replied } from '../support/views.ts';

const NO_KEYS = emptySession.keys;

function session(view: Partial<SessionView>): SessionAnswer {
  const { keys } = { ...emptySession, ...view };
  return { session: { ...emptySession, messages: [asked('m1'), replied('m1')], ...view }, keys };
}
const paying = (view: Partial<PaymentView>): SessionAnswer =>
  session({ payment: { ...payment, balance: 96_900, tab: 3100, total: 3100, ...view } });
const withKeys = (keys: Partial<KeysView>): SessionAnswer => session({ keys: { ...NO_KEYS, ...keys } });

/** A tab with a tip. */
export const TIPPED: SessionAnswer = paying({ tipPercentage: 15, tip: 465, total: 3565 });

/** More than fits the window. */
export const LONG: SessionAnswer = session({
  messages: Array.from({ length: 20 }, (_, at) => [asked(`m${at}`), replied(`m${at}`)]).flat(),
});

const ORDER = [
  { name: 'Martini', quantity: 2, modifiers: ['dry', 'shaken'], unitPrice: 1300, lineTotal: 2600 },
  { name: 'Long Island', quantity: 20, modifiers: [], unitPrice: 1200, lineTotal: 24_000 },
];
const TOOLS = [
  { name: 'add_to_order', status: 'ok', summary: '2 × Martini (dry): $26.00' },
  { name: 'add_to_order', status: 'error', summary: 'We have no "mai tai" on the menu.' },
] as const;

/** The states that the bar's answer can put the page in, each with words that are on the page then. */
export const PAGE_STATES: Readonly<Record<string, readonly [answer: Answer, words: string]>> = {
  'before the bar has answered': [null, 'your bartender'],
  'when the bar is not reached': ['unreachable', "The bar can't be reached."],
  'on a first visit': [{ session: null, keys: NO_KEYS }, 'What can I get you?'],
  'with a key that cannot be read': [withKeys({ gemini: 'unreadable' }), 'A key of yours can no longer be read.'],
  'while Maya thinks': [session({ isBusy: true, messages: [asked('m1')] }), 'typing…'],
  'with tools that did and did not, and a reply that was cut off': [
    session({
      messages: [
        asked('m1', `two dry martinis and a ${'very '.repeat(60)}${'long'.repeat(60)} mai tai`),
        { ...replied('m1'), emotion: 'mixing', tools: TOOLS },
        asked('m2'),
        { ...replied('m2', ''), tools: TOOLS, isCutOff: true },
      ],
    }),
    'This reply was cut off.',
  ],
  'with an order on the counter': [session({ order: { items: ORDER, isFinished: false } }), 'Long Island'],
  'with an order that is being made': [session({ order: { items: [], isFinished: true } }), 'Your order is being made.'],
  'with a tab and a tip': [TIPPED, 'Pay $35.65'],
  'with a low balance': [paying({ balance: 4_900, tab: 95_100, total: 95_100 }), '$49.00'],
  'with nothing left': [paying({ balance: 0, tab: 100_000, total: 100_000 }), '$0.00'],
  'where no payments are taken': [paying({ takesPayments: false, isSimulated: false }), 'No payments are taken here.'],
  'while the payment page is made': [paying({ charging: 3100 }), 'is being prepared…'],
  'with a payment to confirm': [paying({ status: 'processing', charging: 3100, link: '/pay/x' }), 'Open payment page'],
  'with a real payment to confirm': [
    paying({ status: 'processing', charging: 4200, link: 'https://pay.example/x', isSimulated: false }),
    '$42.00',
  ],
  'with a payment that nobody knows about': [paying({ charging: 3100, needsReconciliation: true }), 'nothing will be charged twice.'],
  'with a payment that was made': [paying({ status: 'completed', tab: 0, total: 0, paidTotal: 9900 }), 'Your tab is paid. Thank you!'],
  'where a key is needed, after a visit that expired': [
    { session: null, keys: { ...NO_KEYS, isGeminiNeeded: true }, notice: 'expired' },
    'Your last visit has expired',
  ],
};

/** What a refusal may say of itself. */
export const REFUSALS: Readonly<Record<string, ErrorAnswer>> = {
  'a refusal': { error: 'PAYMENT_FAILED', message: 'The payment is under way with the tip it has.' },
  'a fault of the bar': {
    error: 'INTERNAL',
    message: 'Sorry, something went wrong on my side.',
    errorId: 'a1b2c3d4-0000-4000-8000-000000000000',
  },
};
