import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { Cell, CellText, type ColumnConfig, Table, Text, useTable } from '@backstage/ui';
import { Status } from '../shown/Status';
import { fromNow } from '../shown/times';
import type { Row } from './listed';

/** The table of environments: each row leads to the page of its entity. */
export function EnvironmentsTable({ rows, isOfOneTeam }: { rows: Row[]; isOfOneTeam: boolean }) {
  const entityRoute = useRouteRef(entityRouteRef);
  const { tableProps } = useTable<Row>({
    mode: 'complete',
    data: rows,
    sortFn: (items, { column, direction }) => {
      const sorted = [...items].sort((a, b) => sortKey(a, String(column)).localeCompare(sortKey(b, String(column))));
      return direction === 'descending' ? sorted.reverse() : sorted;
    },
    initialSort: { column: 'name', direction: 'ascending' },
    paginationOptions: { pageSize: 20 },
  });
  return (
    <Table
      {...tableProps}
      columnConfig={COLUMNS.filter(({ id }) => id !== 'team' || !isOfOneTeam)}
      rowConfig={{ getHref: ({ entityRef }) => (entityRef && entityRoute ? entityRoute(parseEntityRef(entityRef)) : undefined) }}
      emptyState={<Text color="secondary">There are no environments.</Text>}
    />
  );
}

const COLUMNS: ColumnConfig<Row>[] = [
  { id: 'name', label: 'Name', isRowHeader: true, isSortable: true, cell: row => <CellText title={row.name} /> },
  { id: 'team', label: 'Team', isSortable: true, cell: row => <CellText title={row.team} /> },
  {
    id: 'status',
    label: 'Status',
    isSortable: true,
    cell: row => (
      <Cell>
        <Status state={row.status} note={row.paused ? 'paused' : undefined} />
      </Cell>
    ),
  },
  {
    id: 'orchestrator',
    label: 'Runs on',
    isSortable: true,
    cell: row => <CellText title={`${row.orchestrator.toUpperCase()} in ${row.region}`} />,
  },
  { id: 'class', label: 'Class', isSortable: true, cell: row => <CellText title={row.class} /> },
  {
    id: 'expires_at',
    label: 'Ends',
    isSortable: true,
    cell: row => <CellText title={row.expires_at ? fromNow(row.expires_at) : '–'} />,
  },
  { id: 'created_by', label: 'Made by', isSortable: true, cell: row => <CellText title={row.created_by} /> },
];

function sortKey(row: Row, column: string): string {
  return String(row[column as keyof Row] ?? '');
}
