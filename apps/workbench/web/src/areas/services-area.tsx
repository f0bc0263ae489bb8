import type { ReactNode } from 'react';
import { actions } from '../../../client/actions.ts';
import { durationWords } from '../../../client/time-words.ts';
import type { HealthView, ServiceView, SourceView } from '../../../client/views.ts';
import { Panel } from '../parts/panel.tsx';
import { useRoving } from '../parts/roving.ts';
import { Status } from '../parts/status.tsx';
import { Switch } from '../parts/switch.tsx';

export interface ServicesAreaProps {
  readonly services: SourceView<readonly ServiceView[]>;
  readonly health: SourceView<readonly HealthView[]>;
}

/** What is switched on, and how the daemons are. */
export function ServicesArea({ services, health }: ServicesAreaProps): ReactNode {
  return (
    <>
      <Panel
        title="Daemons"
        source={health}
        isEmpty={(daemons) => daemons.length === 0}
        empty={
          <p>
            No daemon is known. Start one with <code>holdfast-workbench start NAME</code>.
          </p>
        }
      >
        {(daemons) => (
          <ul className="cards">
            {daemons.map((daemon) => (
              <DaemonCard key={daemon.name} daemon={daemon} />
            ))}
          </ul>
        )}
      </Panel>
      <Panel
        title="Switches"
        source={services}
        isEmpty={(all) => all.length === 0}
        empty={<p>No service is configured: config.json says which there are.</p>}
      >
        {(all) => <ServiceTable services={all} />}
      </Panel>
    </>
  );
}

function DaemonCard({ daemon: { name, status, message, checks, uptimeSeconds } }: { readonly daemon: HealthView }): ReactNode {
  const failed = Object.entries(checks).filter(([, holds]) => !holds);
  return (
    <li className="card">
      <div className="card-head">
        <h3>{name}</h3>
        <Status of={status} />
      </div>
      {message !== '' && <p className="text">{message}</p>}
      {failed.length > 0 && <p className="muted">Does not hold: {failed.map(([check]) => check).join(', ')}</p>}
      <p className="muted">
        {status === 'stopped' ? (
          <>
            Start it with <code>holdfast-workbench start {name}</code>.
          </>
        ) : (
          uptimeSeconds !== null && `Runs for ${durationWords(uptimeSeconds * 1_000)}`
        )}
      </p>
    </li>
  );
}

function ServiceTable({ services }: { readonly services: readonly ServiceView[] }): ReactNode {
  const { container, place } = useRoving(services.length);
  return (
    <div className="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Is</th>
            <th scope="col">Because of</th>
          </tr>
        </thead>
        <tbody {...container}>
          {services.map(({ name, isEnabled, isSwitched }, index) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <Switch
                  label={`Service ${name}`}
                  isOn={isEnabled}
                  call={(isOn) => actions.switchService(name, isOn)}
                  place={place(index)}
                />
              </td>
              <td className="muted">{isSwitched ? 'a switch' : 'the configuration'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
