import type { BarTool } from './bar-tool.ts';
import { getMenu, getRecommendation } from './menu-tools.ts';
import { addToOrder, clearOrderTool, confirmOrder, getOrder, placeOrderTool } from './order-tools.ts';
import { addTip, checkPaymentStatus, createStripePayment, getBalance, getBill, getTip, payBillTool, setTip } from './payment-tools.ts';

/** Every tool that a model can call, by name. */
export const BAR_TOOLS: ReadonlyMap<string, BarTool> = new Map(
  [
    getMenu,
    getRecommendation,
    addToOrder,
    getBalance,
    getOrder,
    confirmOrder,
    placeOrderTool,
    clearOrderTool,
    getBill,
    payBillTool,
    createStripePayment,
    checkPaymentStatus,
    setTip,
    getTip,
    addTip,
  ].map((tool) => [tool.name, tool]),
);
