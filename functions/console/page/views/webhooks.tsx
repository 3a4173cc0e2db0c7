import { ViewTitle } from '../parts/view-title.tsx';

export function WebhooksView() {
  return <ViewTitle>Webhooks</ViewTitle>;
}
