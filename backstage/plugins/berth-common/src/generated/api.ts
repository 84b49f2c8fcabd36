// Generated from the OpenAPI document by `./dev backstage types`. Do not edit.
export interface paths {
    "/v1/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List environments
         * @description List environments, newest first. Destroyed ones are shown with `status=destroyed` or on request.
         */
        get: operations["list_environments"];
        put?: never;
        /**
         * Create an environment
         * @description Record what is wanted and put its first operation in line: a deploy, or a preview on request.
         *
         *     The answer comes at once; follow the operation at `Operation-Location`.
         */
        post: operations["create_environment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{environment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an environment
         * @description Read an environment with its request document.
         */
        get: operations["get_environment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change an environment
         * @description Change the request by a JSON merge patch and put the operation that makes it so in line.
         */
        patch: operations["change_environment"];
        trace?: never;
    };
    "/v1/environments/{environment_id}/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an environment's drift reports
         * @description List what drift detections found, newest first: by resource and property.
         */
        get: operations["list_drift_reports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{environment_id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let an environment live longer
         * @description Move the end of an environment with a time to live; it counts from now, within its class's limit.
         */
        post: operations["extend_environment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{environment_id}/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an environment's operations
         * @description List the operations of an environment, newest first.
         */
        get: operations["list_operations"];
        put?: never;
        /**
         * Start an operation
         * @description Put an operation in line. An environment's operations run one at a time, first come, first served.
         */
        post: operations["start_operation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{environment_id}/outputs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an environment's outputs
         * @description Show the outputs that the last good operation left; after a failed one they stay, marked stale.
         */
        get: operations["list_outputs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{environment_id}/references": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show which environments use which
         * @description Show whose outputs this environment uses, and who uses its own: those keep it from being destroyed.
         */
        get: operations["get_references"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{operation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an operation
         * @description Read an operation, at once or, with `wait`, as soon as it has ended or the time is over.
         */
        get: operations["get_operation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{operation_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve the plan of an operation
         * @description Agree to the plan that the digest names; when enough have agreed, the operation goes into the line.
         *
         *     If the request, the blueprint or the recorded state have moved since the plan was made, nobody can approve
         *     it any more: `plan_stale` names the operation that makes a new one.
         */
        post: operations["approve_operation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{operation_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read or follow an operation's events
         * @description Read events as JSON, or follow them as Server-Sent Events if the Accept header asks for those.
         *
         *     In the stream `id` is the row number, so that a client which reconnects with `Last-Event-ID` misses
         *     nothing; a comment is sent at least every 15 seconds; `done` carries the operation's final state.
         */
        get: operations["list_operation_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{operation_id}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the plan of an operation
         * @description Read what a preview has found that a deploy would do, or what a deploy or destroy is held to.
         */
        get: operations["get_plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AcceptedView
         * @description What a slow verb has begun: follow `operation` to its end.
         */
        AcceptedView: {
            environment: components["schemas"]["EnvironmentView"];
            operation: components["schemas"]["OperationView"];
        };
        /**
         * AccessEntry
         * @description Somebody who may use the cluster.
         */
        AccessEntry: {
            /**
             * Groups
             * @description Kubernetes groups, in place of `policy`; bind roles to them yourself.
             * @default []
             * @example [
             *       "developers"
             *     ]
             */
            groups?: string[];
            /**
             * Namespaces
             * @description Namespaces the policy holds for. None: the whole cluster.
             * @default []
             * @example [
             *       "my-app"
             *     ]
             */
            namespaces?: string[];
            /**
             * Policy
             * @description `cluster_admin`, `admin`, `edit` or `view`.
             * @default null
             * @example edit
             */
            policy?: components["schemas"]["AccessPolicy"] | null;
            /**
             * Principal
             * @description ARN of the IAM role or user.
             * @example arn:aws:iam::123456789012:role/AdminRole
             */
            principal_arn: string;
            /**
             * User name
             * @description Name in Kubernetes. Absent: the principal's ARN.
             * @default null
             * @example admin
             */
            username?: string | null;
        };
        /**
         * AccessPolicy
         * @description EKS access policies (Amazon EKS user guide, 'Access policy permissions').
         * @enum {string}
         */
        AccessPolicy: "cluster_admin" | "admin" | "edit" | "view";
        /**
         * Addon
         * @description An EKS add-on.
         */
        Addon: {
            /**
             * Before compute
             * @description Install it before any node joins; `vpc-cni` always is.
             * @default false
             * @example true
             */
            before_compute?: boolean;
            /**
             * Settings
             * @description Environment variables of the add-on's containers (vpc-cni).
             * @default {}
             * @example {
             *       "ENABLE_PREFIX_DELEGATION": "true",
             *       "WARM_PREFIX_TARGET": "1"
             *     }
             */
            env?: {
                [key: string]: string;
            };
            /**
             * Values
             * @description Configuration values as the add-on's own schema has them.
             * @default {}
             * @example {
             *       "replicaCount": 2
             *     }
             */
            values?: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * Version
             * @description The add-on's version. Absent: the one that EKS takes for the Kubernetes version by default, which is not always the most recent.
             * @default null
             * @example v1.20.4-eksbuild.1
             */
            version?: string | null;
        };
        /**
         * AddonName
         * @description The EKS add-ons that can be asked for.
         * @enum {string}
         */
        AddonName: "coredns" | "kube-proxy" | "vpc-cni" | "aws-ebs-csi-driver" | "aws-efs-csi-driver" | "eks-pod-identity-agent" | "metrics-server" | "snapshot-controller";
        /**
         * AdoptionWanted
         * @description A resource that stands in the cloud, under the type and name that the program gives it.
         */
        AdoptionWanted: {
            /**
             * Id
             * @description What the provider imports it by: see the resource's page in the Pulumi registry
             * @example storefront-shop/frontend
             */
            id: string;
            /**
             * Name
             * @description As a preview shows it
             * @example shop-frontend
             */
            name: string;
            /**
             * Type
             * @example aws:ecr/repository:Repository
             */
            type: string;
        };
        /**
         * AlarmThresholds
         * @description When the alarms ring.
         */
        AlarmThresholds: {
            /**
             * CPU
             * @description Average CPU use in percent.
             * @default 90
             * @example 90
             */
            cpu_percent?: number;
            /**
             * 5xx answers
             * @description Answers 5xx a minute.
             * @default 10
             * @example 10
             */
            http_5xx_count?: number;
            /**
             * Latency
             * @description 95th percentile of the answer time in milliseconds.
             * @default 1000
             * @example 1000
             */
            latency_p95_milliseconds?: number;
            /**
             * Memory
             * @description Average memory use in percent.
             * @default 90
             * @example 90
             */
            memory_percent?: number;
        };
        /**
         * Architecture
         * @description The processor an image is built for.
         * @enum {string}
         */
        Architecture: "x86_64" | "arm64";
        /**
         * Autoscaler
         * @description Who adds and removes nodes.
         * @enum {string}
         */
        Autoscaler: "none" | "cluster_autoscaler" | "karpenter";
        /**
         * Capacity
         * @description What tasks run on; at least one weight must be above 0.
         */
        Capacity: {
            /**
             * EC2
             * @description Share on EC2 instances.
             * @default null
             * @example {
             *       "instance_types": [
             *         "m5.xlarge"
             *       ],
             *       "max": 6,
             *       "min": 0,
             *       "weight": 10
             *     }
             */
            ec2?: components["schemas"]["Ec2Capacity"] | null;
            /**
             * Fargate
             * @description Share on Fargate. Absent, with nothing else given: base 1, weight 100.
             * @default null
             * @example {
             *       "base": 1,
             *       "weight": 70
             *     }
             */
            fargate?: components["schemas"]["FargateCapacity"] | null;
            /**
             * Fargate Spot
             * @description Share on Fargate Spot.
             * @default null
             * @example {
             *       "weight": 30
             *     }
             */
            fargate_spot?: components["schemas"]["FargateSpotCapacity"] | null;
        };
        /**
         * ChangesView
         * @description Resources by what became of them (in a preview: would become).
         */
        ChangesView: {
            /** Create */
            create: number;
            /** Delete */
            delete: number;
            /** Replace */
            replace: number;
            /** Same */
            same: number;
            /** Update */
            update: number;
        };
        /**
         * CircuitBreaker
         * @description Ends a rollout whose new copies do not come up.
         */
        CircuitBreaker: {
            /**
             * Enabled
             * @description Whether such a rollout is ended.
             * @default true
             * @example true
             */
            enabled?: boolean;
            /**
             * Roll back
             * @description Whether the last version that worked is brought back.
             * @default true
             * @example true
             */
            rollback?: boolean;
        };
        /**
         * Condition
         * @description A condition under which a statement holds.
         */
        Condition: {
            /**
             * Operator
             * @description IAM condition operator.
             * @example StringEquals
             */
            test: string;
            /**
             * Values
             * @description Values, one of which must match.
             * @example [
             *       "eu-central-1"
             *     ]
             */
            values: string[];
            /**
             * Key
             * @description IAM condition key.
             * @example aws:RequestedRegion
             */
            variable: string;
        };
        /**
         * ConnectionPool
         * @description How much a copy is given at once.
         */
        ConnectionPool: {
            /**
             * Connections
             * @description Connections open at once.
             * @default 100
             * @example 100
             */
            max_connections?: number;
            /**
             * Pending
             * @description Requests waiting for a connection.
             * @default 100
             * @example 100
             */
            max_pending_requests?: number;
        };
        /**
         * ContainerInsights
         * @description How much CloudWatch Container Insights records.
         * @enum {string}
         */
        ContainerInsights: "enabled" | "enhanced" | "disabled";
        /**
         * CostAssumptions
         * @description Use in a month, each for one resource of its kind, so that costs add up resource by resource.
         */
        CostAssumptions: {
            /**
             * Auto Mode fee
             * @description What EKS Auto Mode adds to a node's on-demand price where the price table has no fee for its type, in percent; the price list has 12 for general families and less for those with GPUs.
             * @default 12
             * @example 12
             */
            auto_mode_fee_percent?: number;
            /**
             * Node type
             * @description Instance type counted for nodes that Karpenter or Auto Mode choose.
             * @default m6i.large
             * @example m6i.large
             */
            autoscaled_node_type?: string;
            /**
             * Load balancer capacity
             * @description Load balancer capacity units in use on average; one is 25 new connections a second, 3,000 active ones, 1 GB an hour or 1,000 rule evaluations a second, whichever is most.
             * @default 1
             * @example 1.5
             */
            capacity_units_per_load_balancer?: number;
            /**
             * Retention counted
             * @description Days counted for a log group that keeps its logs for ever.
             * @default 30
             * @example 30
             */
            default_log_retention_days?: number;
            /**
             * Discovery calls
             * @description Calls of Cloud Map's API a month; names found through DNS make none.
             * @default 0
             * @example 0
             */
            discovery_calls_per_registry?: number;
            /**
             * Traffic to the internet
             * @description GB a month that leave a load balancer for the internet, the free 100 GB aside.
             * @default 50
             * @example 500
             */
            egress_gb_per_load_balancer?: number;
            /**
             * Endpoint traffic
             * @description GB a month that pass an interface endpoint.
             * @default 10
             * @example 10
             */
            gb_per_interface_endpoint?: number;
            /**
             * Images
             * @description GB of images in a repository.
             * @default 2
             * @example 2
             */
            image_gb_per_repository?: number;
            /**
             * Traffic between zones
             * @description GB a month between zones on the way from a load balancer, counted both ways.
             * @default 20
             * @example 20
             */
            inter_zone_gb_per_load_balancer?: number;
            /**
             * VPC Lattice traffic
             * @description GB a month through a VPC Lattice service.
             * @default 10
             * @example 10
             */
            lattice_gb_per_service?: number;
            /**
             * VPC Lattice requests
             * @description Requests a month to a VPC Lattice service above the free 300,000 an hour.
             * @default 0
             * @example 0
             */
            lattice_requests_per_service?: number;
            /**
             * Logs
             * @description GB a month that a log group takes in.
             * @default 1
             * @example 5
             */
            log_gb_per_log_group?: number;
            /**
             * Queue requests
             * @description Requests to a queue a month.
             * @default 100000
             * @example 100000
             */
            messages_per_queue?: number;
            /**
             * NAT traffic
             * @description GB a month that pass a NAT gateway: image pulls, calls to the internet.
             * @default 50
             * @example 50
             */
            nat_gb_per_gateway?: number;
            /**
             * Node packing
             * @description Share of a node that workloads can fill, in percent; the rest is the system's.
             * @default 80
             * @example 80
             */
            node_packing_percent?: number;
            /**
             * Messages
             * @description Messages to a topic a month.
             * @default 1000
             * @example 1000
             */
            notifications_per_topic?: number;
            /**
             * Objects
             * @description GB of objects in a bucket.
             * @default 5
             * @example 5
             */
            object_gb_per_bucket?: number;
            /**
             * DNS queries
             * @description DNS queries for a zone a month.
             * @default 1000000
             * @example 1000000
             */
            queries_per_zone?: number;
            /**
             * Key use
             * @description Requests a month that use a KMS key, the free 20,000 of an account aside.
             * @default 20000
             * @example 20000
             */
            requests_per_key?: number;
            /**
             * Secret reads
             * @description Reads of a secret a month.
             * @default 1000
             * @example 1000
             */
            requests_per_secret?: number;
        };
        /**
         * CostSummaryView
         * @description What an operation does to the monthly cost of its environment.
         */
        CostSummaryView: {
            /** @description Of what stands, or would stand, when it is done */
            after: components["schemas"]["MonthlyCostView"] | null;
            /** @description Of what stood when it was planned or began */
            before: components["schemas"]["MonthlyCostView"] | null;
            /**
             * Change Usd
             * @description By how much the desired size's month becomes dearer
             */
            change_usd: string | null;
            /**
             * Currency
             * @default USD
             * @constant
             */
            currency?: "USD";
            /**
             * Hours Per Month
             * @default 730
             */
            hours_per_month?: number;
            /**
             * Not Estimated
             * @description Why there is no estimate: `region_not_priced` or `estimate_failed`
             */
            not_estimated: string | null;
            /**
             * Prices As Of
             * @description The newest date among the prices that it is made with
             */
            prices_as_of: string | null;
            /** Region */
            region: string;
            /**
             * Unpriced Count
             * @description How many things cost something, or may, and are in no figure
             */
            unpriced_count: number;
        };
        /**
         * Decision
         * @description What somebody said to a plan.
         * @enum {string}
         */
        Decision: "approved" | "rejected";
        /**
         * DecisionView
         * @description What somebody said to the plan.
         */
        DecisionView: {
            /** Actor */
            actor: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Comment */
            comment: string | null;
            decision: components["schemas"]["Decision"];
        };
        /**
         * Delivery
         * @description Who shifts traffic between versions.
         * @enum {string}
         */
        Delivery: "none" | "argo_rollouts" | "flagger";
        /**
         * Dependency
         * @description A container that must be there first.
         */
        Dependency: {
            /**
             * Condition
             * @description START, COMPLETE (ended), SUCCESS (ended with 0) or HEALTHY (its health check passes).
             * @default START
             * @example HEALTHY
             */
            condition?: components["schemas"]["DependencyCondition"];
            /**
             * Container
             * @description The other container of the same workload.
             * @example migrate
             */
            container: string;
        };
        /**
         * DependencyCondition
         * @description What must have happened to a container before another starts (as Amazon ECS names it).
         * @enum {string}
         */
        DependencyCondition: "START" | "COMPLETE" | "SUCCESS" | "HEALTHY";
        /**
         * Diagnostic
         * @description A message of the engine, a provider or the program.
         */
        Diagnostic: {
            /**
             * Ends Attempt
             * @description The run begins anew after it: what was told before led to nothing
             * @default false
             */
            ends_attempt?: boolean;
            /** Message */
            message: string;
            /**
             * Severity
             * @enum {string}
             */
            severity: "info" | "warning" | "error";
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "diagnostic";
            /** Urn */
            urn?: string | null;
        };
        /**
         * DriftReportView
         * @description What one look at the cloud found. `deploy` with `refresh` puts it right, `refresh` accepts it.
         */
        DriftReportView: {
            /**
             * Checked At
             * Format: date-time
             */
            checked_at: string;
            /**
             * Id
             * @example drift_0192f0c1a7b87c3d9e5f60718293a4b5
             */
            id: string;
            /** Is Drifted */
            is_drifted: boolean;
            /** Operation Id */
            operation_id: string;
            /** Resources */
            resources: components["schemas"]["DriftedResourceView"][];
            /**
             * State Version
             * @description The state version that the cloud was compared with
             */
            state_version: number | null;
        };
        /**
         * DriftedProperty
         * @description A property that stands in the cloud otherwise than it was recorded; values are JSON, cut when long.
         */
        DriftedProperty: {
            /**
             * Actual
             * @description None: the cloud has no such property
             */
            actual: string | null;
            /** Path */
            path: string;
            /**
             * Recorded
             * @description None: the record has no such property
             */
            recorded: string | null;
        };
        /**
         * DriftedResourceView
         * @description A resource that stands otherwise than it was recorded.
         */
        DriftedResourceView: {
            /**
             * Is Gone
             * @description Whether it does not stand at all any more
             */
            is_gone: boolean;
            /** Name */
            name: string;
            /**
             * Properties
             * @description What differs; secrets are masked. Properties that an autoscaler owns are no drift
             */
            properties: components["schemas"]["DriftedProperty"][];
            /**
             * Resource Type
             * @example aws:ecs/service:Service
             */
            resource_type: string;
            /** Urn */
            urn: string;
        };
        /**
         * Ec2Capacity
         * @description Copies on EC2 instances of an Auto Scaling group of the environment's own.
         */
        Ec2Capacity: {
            /**
             * Disk
             * @description GiB of the encrypted root volume.
             * @default 30
             * @example 30
             */
            disk_gib?: number;
            /**
             * GPU
             * @description Use the GPU image; the instance types must have GPUs.
             * @default false
             * @example false
             */
            gpu?: boolean;
            /**
             * Instance types
             * @description Types to take, first wins where there is a choice.
             * @default [
             *       "m6i.large"
             *     ]
             * @example [
             *       "m5.xlarge"
             *     ]
             */
            instance_types?: string[];
            /**
             * Maximum
             * @description Most instances.
             * @default 4
             * @example 6
             */
            max?: number;
            /**
             * Minimum
             * @description Fewest instances.
             * @default 0
             * @example 0
             */
            min?: number;
            /**
             * Spot
             * @description Whether to take Spot instances.
             * @default false
             * @example false
             */
            spot?: boolean;
            /**
             * Target utilization
             * @description Percent of the instances' capacity in use that managed scaling aims at.
             * @default 100
             * @example 90
             */
            target_utilization_percent?: number;
            /**
             * Weight
             * @description Share of the copies beyond the base.
             * @default 100
             * @example 10
             */
            weight?: number;
        };
        /**
         * EcsCluster
         * @description The ECS cluster.
         */
        EcsCluster: {
            /**
             * Container Insights
             * @description `enabled`, `enhanced` (per task and container), or `disabled`.
             * @default enabled
             * @example enhanced
             */
            container_insights?: components["schemas"]["ContainerInsights"];
            /**
             * Exec sessions
             * @default {
             *       "encrypt": true,
             *       "log_retention_days": 30
             *     }
             * @example {
             *       "encrypt": true,
             *       "log_retention_days": 30
             *     }
             */
            exec?: components["schemas"]["ExecSessions"];
            /**
             * Express
             * @description Make public workloads ECS Express Mode services: AWS brings load balancer, TLS and scaling.
             * @default false
             * @example false
             */
            express?: boolean;
        };
        /**
         * EcsEnvironment
         * @description An environment on Amazon ECS.
         */
        EcsEnvironment: {
            /**
             * Account
             * @description Name of a target account as the service's settings have it. Absent: the default one.
             * @default null
             * @example workloads-dev
             */
            account?: string | null;
            /**
             * @description What tasks run on; at least one weight above 0. Absent: Fargate.
             * @default {
             *       "ec2": null,
             *       "fargate": {
             *         "base": 1,
             *         "weight": 100
             *       },
             *       "fargate_spot": null
             *     }
             * @example {
             *       "fargate": {
             *         "base": 1,
             *         "weight": 70
             *       },
             *       "fargate_spot": {
             *         "weight": 30
             *       }
             *     }
             */
            capacity?: components["schemas"]["Capacity"];
            /**
             * Class
             * @description `ephemeral`, `standard` or `production`: sets the defaults of ttl, protection, NAT gateways, flow logs, access logs, log retention and alarms.
             * @default standard
             * @example standard
             */
            class?: components["schemas"]["EnvironmentClass"];
            /**
             * Cluster
             * @default {
             *       "container_insights": "enabled",
             *       "exec": {
             *         "encrypt": true,
             *         "log_retention_days": 30
             *       },
             *       "express": false
             *     }
             * @example {
             *       "container_insights": "enhanced"
             *     }
             */
            cluster?: components["schemas"]["EcsCluster"];
            /**
             * Cost assumptions
             * @description What estimates take for granted about use; changes nothing that is deployed.
             * @default {
             *       "auto_mode_fee_percent": 12,
             *       "autoscaled_node_type": "m6i.large",
             *       "capacity_units_per_load_balancer": 1,
             *       "default_log_retention_days": 30,
             *       "discovery_calls_per_registry": 0,
             *       "egress_gb_per_load_balancer": 50,
             *       "gb_per_interface_endpoint": 10,
             *       "image_gb_per_repository": 2,
             *       "inter_zone_gb_per_load_balancer": 20,
             *       "lattice_gb_per_service": 10,
             *       "lattice_requests_per_service": 0,
             *       "log_gb_per_log_group": 1,
             *       "messages_per_queue": 100000,
             *       "nat_gb_per_gateway": 50,
             *       "node_packing_percent": 80,
             *       "notifications_per_topic": 1000,
             *       "object_gb_per_bucket": 5,
             *       "queries_per_zone": 1000000,
             *       "requests_per_key": 20000,
             *       "requests_per_secret": 1000
             *     }
             * @example {
             *       "egress_gb_per_load_balancer": 500,
             *       "log_gb_per_log_group": 5
             *     }
             */
            cost_assumptions?: components["schemas"]["CostAssumptions"];
            /**
             * Load balancer
             * @description The one load balancer that public workloads share; made when there is one.
             * @example {
             *       "idle_timeout_seconds": 60
             *     }
             */
            load_balancer?: components["schemas"]["LoadBalancer"];
            /**
             * @description How workloads find, trust and retry each other.
             * @example {
             *       "kind": "service_connect"
             *     }
             */
            mesh?: components["schemas"]["Mesh"];
            /**
             * Name
             * @description DNS label, 2 to 30 characters, unique among the team's living environments.
             * @example shop
             */
            name: string;
            /**
             * @description Where the environment lives.
             * @example {
             *       "availability_zones": 3,
             *       "cidr": "10.20.0.0/16",
             *       "nat_gateways": "single"
             *     }
             */
            network?: components["schemas"]["Network"];
            /**
             * @description Logs, alarms, dashboard, traces.
             * @example {
             *       "alarms": true,
             *       "log_retention_days": 30
             *     }
             */
            observability?: components["schemas"]["Observability"];
            /**
             * @description `ecs`: Amazon Elastic Container Service. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            orchestrator: "ecs";
            /**
             * Protected
             * @description Blocks destroy, expiry and schedules until lifted. Absent: true for class production.
             * @example true
             */
            protected?: boolean;
            /**
             * Region
             * @description AWS region. Absent: the service's default.
             * @default null
             * @example us-east-1
             */
            region?: string | null;
            /**
             * Image registry
             * @description Image repositories of the environment's own, in Amazon ECR.
             * @example {
             *       "repositories": [
             *         "frontend",
             *         "backend"
             *       ]
             *     }
             */
            registry?: components["schemas"]["Registry"];
            /**
             * Tags
             * @description Tags on every resource; environment id, team, class and expiry are added.
             * @default {}
             * @example {
             *       "cost-center": "1234"
             *     }
             */
            tags?: {
                [key: string]: string;
            };
            /**
             * Team
             * @description DNS label, 2 to 30 characters: who owns it.
             * @example storefront
             */
            team: string;
            /**
             * Time to live
             * @description ISO 8601 duration from creation, or the last extension, after which it is destroyed. Absent: P3D for class ephemeral, else it stays.
             * @default null
             * @example P3D
             * @example P14D
             * @example PT12H
             */
            ttl?: string | null;
            /**
             * Working hours
             * @description When it runs: outside of these hours it is paused, every workload at 0 copies. Absent: always. Protected environments are never paused by the clock.
             * @default null
             * @example {
             *       "end": "18:30",
             *       "start": "08:00",
             *       "timezone": "Europe/Berlin"
             *     }
             */
            working_hours?: components["schemas"]["WorkingHours"] | null;
            /**
             * Workloads
             * @description What runs; at least one.
             * @example [
             *       {
             *         "image": "public.ecr.aws/nginx/nginx:1.27",
             *         "name": "web",
             *         "ports": [
             *           {
             *             "port": 80
             *           }
             *         ],
             *         "public": {}
             *       }
             *     ]
             */
            workloads: components["schemas"]["Workload"][];
        };
        /**
         * Effect
         * @description What a statement does.
         * @enum {string}
         */
        Effect: "allow" | "deny";
        /**
         * EfsVolume
         * @description An Amazon EFS file system, always encrypted in transit.
         *
         *     ECS mounts it with IAM authorization, as the task's role. On EKS the driver mounts it for a node's pods,
         *     as nobody: a file system policy that asks for a role lets no pod in.
         */
        EfsVolume: {
            /**
             * Access point
             * @description The access point to mount by. Absent: the file system's root directory.
             * @default null
             * @example fsap-0123456789abcdef0
             */
            access_point_id?: string | null;
            /**
             * File system
             * @description The id of the file system.
             * @example fs-0123456789abcdef0
             */
            file_system_id: string;
        };
        /**
         * EksCluster
         * @description The EKS cluster and what runs in it for everybody.
         */
        EksCluster: {
            /**
             * Access
             * @description Who may use the cluster, besides the role that deploys it.
             * @default []
             * @example [
             *       {
             *         "policy": "cluster_admin",
             *         "principal_arn": "arn:aws:iam::123456789012:role/AdminRole"
             *       }
             *     ]
             */
            access?: components["schemas"]["AccessEntry"][];
            /**
             * Add-ons
             * @description EKS add-ons, by name. Those that another setting needs are added by themselves.
             * @default {
             *       "aws-ebs-csi-driver": {
             *         "before_compute": false,
             *         "env": {},
             *         "values": {},
             *         "version": null
             *       },
             *       "coredns": {
             *         "before_compute": false,
             *         "env": {},
             *         "values": {},
             *         "version": null
             *       },
             *       "eks-pod-identity-agent": {
             *         "before_compute": false,
             *         "env": {},
             *         "values": {},
             *         "version": null
             *       },
             *       "kube-proxy": {
             *         "before_compute": false,
             *         "env": {},
             *         "values": {},
             *         "version": null
             *       },
             *       "vpc-cni": {
             *         "before_compute": true,
             *         "env": {},
             *         "values": {},
             *         "version": null
             *       }
             *     }
             * @example {
             *       "coredns": {},
             *       "kube-proxy": {},
             *       "vpc-cni": {
             *         "env": {
             *           "ENABLE_PREFIX_DELEGATION": "true"
             *         }
             *       }
             *     }
             */
            addons?: {
                [key: string]: components["schemas"]["Addon"];
            };
            /**
             * Auto Mode
             * @description Let EKS run nodes, storage and load balancing itself.
             * @default false
             * @example false
             */
            auto_mode?: boolean;
            /**
             * Node autoscaler
             * @description `none`, `cluster_autoscaler` or `karpenter`.
             * @default none
             * @example karpenter
             */
            autoscaler?: components["schemas"]["Autoscaler"];
            /**
             * Deletion protection
             * @description While the environment is `protected`, have AWS refuse deletion too, even past Berth. The deployment that lifts `protected` lifts it.
             * @default false
             * @example true
             */
            deletion_protection?: boolean;
            /**
             * @description Who shifts traffic: `none` (weights of the load balancer), `argo_rollouts` or `flagger`.
             * @default none
             * @example argo_rollouts
             */
            delivery?: components["schemas"]["Delivery"];
            /**
             * Encrypt secrets
             * @description Encrypt Kubernetes secrets with a KMS key of the environment's own.
             * @default true
             * @example true
             */
            encrypt_secrets?: boolean;
            /**
             * API endpoint
             * @default {
             *       "private": true,
             *       "public": true,
             *       "public_cidrs": [
             *         "0.0.0.0/0"
             *       ]
             *     }
             * @example {
             *       "private": true,
             *       "public": true,
             *       "public_cidrs": [
             *         "203.0.113.0/24"
             *       ]
             *     }
             */
            endpoint?: components["schemas"]["Endpoint"];
            /**
             * DNS zones
             * @description Route 53 zones in which ExternalDNS keeps the hosts of public workloads. None: it is not run.
             * @default []
             * @example [
             *       "example.com"
             *     ]
             */
            external_dns_zones?: string[];
            /**
             * Fargate profiles
             * @description Pods that run on Fargate, by profile name.
             * @default {}
             * @example {
             *       "default": {
             *         "selectors": [
             *           {
             *             "namespace": "fargate"
             *           }
             *         ]
             *       }
             *     }
             */
            fargate_profiles?: {
                [key: string]: components["schemas"]["FargateProfile"];
            };
            /**
             * @description What Karpenter may buy (`autoscaler: karpenter`).
             * @default {
             *       "instance_categories": [
             *         "c",
             *         "m",
             *         "r"
             *       ],
             *       "max_memory_gib": 400,
             *       "max_vcpus": 100,
             *       "spot": true
             *     }
             * @example {
             *       "max_vcpus": 100,
             *       "spot": true
             *     }
             */
            karpenter?: components["schemas"]["Karpenter"];
            /**
             * Load balancer controller
             * @description Run the AWS Load Balancer Controller; public workloads need it, or Auto Mode.
             * @default true
             * @example true
             */
            load_balancer_controller?: boolean;
            /**
             * Log forwarding
             * @description Run Fluent Bit on the nodes and send container logs to CloudWatch Logs.
             * @default true
             * @example true
             */
            log_forwarding?: boolean;
            /**
             * Control-plane logs
             * @description Logs of the control plane that are kept.
             * @default [
             *       "api",
             *       "audit",
             *       "authenticator"
             *     ]
             * @example [
             *       "api",
             *       "audit",
             *       "authenticator"
             *     ]
             */
            log_types?: components["schemas"]["LogType"][];
            /**
             * Metrics adapter
             * @description Who feeds requests per copy to the autoscaler; installed when a workload asks for it.
             * @default keda
             * @example keda
             */
            metrics_adapter?: components["schemas"]["MetricsAdapter"];
            /**
             * Metrics server
             * @description Run the Kubernetes metrics server; scaling by CPU or memory needs it.
             * @default true
             * @example true
             */
            metrics_server?: boolean;
            /**
             * Node groups
             * @description Managed node groups, by name. Absent: one named `general`, none with Auto Mode. An empty mapping needs a Fargate profile or Auto Mode.
             * @example {
             *       "general": {
             *         "desired": 2,
             *         "instance_types": [
             *           "m6i.large"
             *         ],
             *         "max": 6,
             *         "min": 2
             *       }
             *     }
             */
            node_groups?: {
                [key: string]: components["schemas"]["NodeGroup"];
            };
            /**
             * Namespace quota
             * @description The most that the pods of each workload may ask for together. Absent: no quota.
             * @default null
             * @example {
             *       "cpu_units": 65536,
             *       "memory_mib": 131072,
             *       "pods": 100
             *     }
             */
            quota?: components["schemas"]["NamespaceQuota"] | null;
            /**
             * @description Who collects metrics and traces: `none`, `cloudwatch_agent` or `adot`.
             * @default none
             * @example cloudwatch_agent
             */
            telemetry?: components["schemas"]["Telemetry"];
            /**
             * Upgrade policy
             * @description `standard` upgrades by itself when support ends; `extended` stays, at extra cost.
             * @default standard
             * @example standard
             */
            upgrade_policy?: components["schemas"]["UpgradePolicy"];
            /**
             * Kubernetes version
             * @description Minor version, in quotes.
             * @default 1.34
             * @example 1.34
             */
            version?: string;
        };
        /**
         * EksEnvironment
         * @description An environment on Amazon EKS.
         */
        EksEnvironment: {
            /**
             * Account
             * @description Name of a target account as the service's settings have it. Absent: the default one.
             * @default null
             * @example workloads-dev
             */
            account?: string | null;
            /**
             * Class
             * @description `ephemeral`, `standard` or `production`: sets the defaults of ttl, protection, NAT gateways, flow logs, access logs, log retention and alarms.
             * @default standard
             * @example standard
             */
            class?: components["schemas"]["EnvironmentClass"];
            /**
             * Cluster
             * @description The EKS cluster.
             * @example {
             *       "autoscaler": "karpenter",
             *       "version": "1.34"
             *     }
             */
            cluster?: components["schemas"]["EksCluster"];
            /**
             * Cost assumptions
             * @description What estimates take for granted about use; changes nothing that is deployed.
             * @default {
             *       "auto_mode_fee_percent": 12,
             *       "autoscaled_node_type": "m6i.large",
             *       "capacity_units_per_load_balancer": 1,
             *       "default_log_retention_days": 30,
             *       "discovery_calls_per_registry": 0,
             *       "egress_gb_per_load_balancer": 50,
             *       "gb_per_interface_endpoint": 10,
             *       "image_gb_per_repository": 2,
             *       "inter_zone_gb_per_load_balancer": 20,
             *       "lattice_gb_per_service": 10,
             *       "lattice_requests_per_service": 0,
             *       "log_gb_per_log_group": 1,
             *       "messages_per_queue": 100000,
             *       "nat_gb_per_gateway": 50,
             *       "node_packing_percent": 80,
             *       "notifications_per_topic": 1000,
             *       "object_gb_per_bucket": 5,
             *       "queries_per_zone": 1000000,
             *       "requests_per_key": 20000,
             *       "requests_per_secret": 1000
             *     }
             * @example {
             *       "egress_gb_per_load_balancer": 500,
             *       "log_gb_per_log_group": 5
             *     }
             */
            cost_assumptions?: components["schemas"]["CostAssumptions"];
            /**
             * Load balancer
             * @description The one load balancer that public workloads share; made when there is one.
             * @example {
             *       "idle_timeout_seconds": 60
             *     }
             */
            load_balancer?: components["schemas"]["LoadBalancer"];
            /**
             * @description How workloads find, trust and retry each other.
             * @example {
             *       "kind": "service_connect"
             *     }
             */
            mesh?: components["schemas"]["Mesh"];
            /**
             * Name
             * @description DNS label, 2 to 30 characters, unique among the team's living environments.
             * @example shop
             */
            name: string;
            /**
             * @description Where the environment lives.
             * @example {
             *       "availability_zones": 3,
             *       "cidr": "10.20.0.0/16",
             *       "nat_gateways": "single"
             *     }
             */
            network?: components["schemas"]["Network"];
            /**
             * @description Logs, alarms, dashboard, traces.
             * @example {
             *       "alarms": true,
             *       "log_retention_days": 30
             *     }
             */
            observability?: components["schemas"]["Observability"];
            /**
             * @description `eks`: Amazon Elastic Kubernetes Service. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            orchestrator: "eks";
            /**
             * Protected
             * @description Blocks destroy, expiry and schedules until lifted. Absent: true for class production.
             * @example true
             */
            protected?: boolean;
            /**
             * Region
             * @description AWS region. Absent: the service's default.
             * @default null
             * @example us-east-1
             */
            region?: string | null;
            /**
             * Image registry
             * @description Image repositories of the environment's own, in Amazon ECR.
             * @example {
             *       "repositories": [
             *         "frontend",
             *         "backend"
             *       ]
             *     }
             */
            registry?: components["schemas"]["Registry"];
            /**
             * Tags
             * @description Tags on every resource; environment id, team, class and expiry are added.
             * @default {}
             * @example {
             *       "cost-center": "1234"
             *     }
             */
            tags?: {
                [key: string]: string;
            };
            /**
             * Team
             * @description DNS label, 2 to 30 characters: who owns it.
             * @example storefront
             */
            team: string;
            /**
             * Time to live
             * @description ISO 8601 duration from creation, or the last extension, after which it is destroyed. Absent: P3D for class ephemeral, else it stays.
             * @default null
             * @example P3D
             * @example P14D
             * @example PT12H
             */
            ttl?: string | null;
            /**
             * Working hours
             * @description When it runs: outside of these hours it is paused, every workload at 0 copies. Absent: always. Protected environments are never paused by the clock.
             * @default null
             * @example {
             *       "end": "18:30",
             *       "start": "08:00",
             *       "timezone": "Europe/Berlin"
             *     }
             */
            working_hours?: components["schemas"]["WorkingHours"] | null;
            /**
             * Workloads
             * @description What runs; at least one.
             * @example [
             *       {
             *         "image": "public.ecr.aws/nginx/nginx:1.27",
             *         "name": "web",
             *         "ports": [
             *           {
             *             "port": 80
             *           }
             *         ],
             *         "public": {}
             *       }
             *     ]
             */
            workloads: components["schemas"]["Workload"][];
        };
        /**
         * Endpoint
         * @description Where the Kubernetes API is reached.
         */
        Endpoint: {
            /**
             * Private
             * @description Reachable from inside the network.
             * @default true
             * @example true
             */
            private?: boolean;
            /**
             * Public
             * @description Reachable from the internet.
             * @default true
             * @example true
             */
            public?: boolean;
            /**
             * Public clients
             * @description IPv4 blocks that may reach the public endpoint; class production must narrow it.
             * @default [
             *       "0.0.0.0/0"
             *     ]
             * @example [
             *       "203.0.113.0/24"
             *     ]
             */
            public_cidrs?: string[];
        };
        /**
         * EnvironmentClass
         * @description How much an environment matters; sets the defaults of `class_defaults.py`.
         * @enum {string}
         */
        EnvironmentClass: "ephemeral" | "standard" | "production";
        /** Environment request */
        EnvironmentRequest: components["schemas"]["EcsEnvironment"] | components["schemas"]["EksEnvironment"];
        /**
         * EnvironmentStatus
         * @description What stands of an environment. What is being done to it is its current operation.
         * @enum {string}
         */
        EnvironmentStatus: "requested" | "deploying" | "ready" | "failed" | "interrupted" | "destroying" | "destroy_failed" | "destroyed";
        /**
         * EnvironmentSummary
         * @description An environment, without its request document.
         */
        EnvironmentSummary: {
            /**
             * Account
             * @description The target account's name in the service's settings
             */
            account: string;
            /**
             * Class
             * @description `ephemeral`, `standard` or `production`
             * @example standard
             */
            class: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Current Operation Id
             * @description The operation that runs on it now
             */
            current_operation_id: string | null;
            /** Destroyed At */
            destroyed_at: string | null;
            /**
             * Expires At
             * @description When its time to live is over; null: it stays
             */
            expires_at: string | null;
            /**
             * Id
             * @example env_0192f0c1a7b87c3d9e5f60718293a4b5
             */
            id: string;
            /**
             * Last Operation Id
             * @description The operation that ended last
             */
            last_operation_id: string | null;
            /**
             * Name
             * @example shop
             */
            name: string;
            /**
             * Orchestrator
             * @description `ecs` or `eks`
             * @example ecs
             */
            orchestrator: string;
            /**
             * Paused
             * @description Whether its workloads stand at 0 copies until it is resumed
             */
            paused: boolean;
            /**
             * Protected
             * @description Whether destroy is refused
             */
            protected: boolean;
            /**
             * Region
             * @example us-east-1
             */
            region: string;
            /**
             * Revision
             * @description Grows with every change of the request; the ETag is this number
             */
            revision: number;
            /** @description What stands of it */
            status: components["schemas"]["EnvironmentStatus"];
            /**
             * Team
             * @example storefront
             */
            team: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * EnvironmentView
         * @description An environment with the request document as its team wrote it.
         */
        EnvironmentView: {
            /**
             * Account
             * @description The target account's name in the service's settings
             */
            account: string;
            /**
             * Class
             * @description `ephemeral`, `standard` or `production`
             * @example standard
             */
            class: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Current Operation Id
             * @description The operation that runs on it now
             */
            current_operation_id: string | null;
            /** Destroyed At */
            destroyed_at: string | null;
            /**
             * Expires At
             * @description When its time to live is over; null: it stays
             */
            expires_at: string | null;
            /**
             * Id
             * @example env_0192f0c1a7b87c3d9e5f60718293a4b5
             */
            id: string;
            /**
             * Last Operation Id
             * @description The operation that ended last
             */
            last_operation_id: string | null;
            /**
             * Name
             * @example shop
             */
            name: string;
            /**
             * Orchestrator
             * @description `ecs` or `eks`
             * @example ecs
             */
            orchestrator: string;
            /**
             * Paused
             * @description Whether its workloads stand at 0 copies until it is resumed
             */
            paused: boolean;
            /**
             * Protected
             * @description Whether destroy is refused
             */
            protected: boolean;
            /**
             * Region
             * @example us-east-1
             */
            region: string;
            /**
             * Request
             * @description The request, without the defaults that fill it
             */
            request: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * Revision
             * @description Grows with every change of the request; the ETag is this number
             */
            revision: number;
            /** @description What stands of it */
            status: components["schemas"]["EnvironmentStatus"];
            /**
             * Team
             * @example storefront
             */
            team: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * EventsPage
         * @description Events in the order in which they happened.
         */
        EventsPage: {
            /**
             * Is Complete
             * @description The operation has ended and nothing follows these events
             */
            is_complete: boolean;
            /** Items */
            items: components["schemas"]["RecordedEvent"][];
            /**
             * Next After
             * @description Ask with it as `after` for what follows
             */
            next_after: number;
            /** @description The operation's state before the events were read */
            state: components["schemas"]["OperationState"];
        };
        /**
         * ExecSessions
         * @description How ECS Exec sessions are protected and recorded.
         */
        ExecSessions: {
            /**
             * Encrypt
             * @description Encrypt sessions and their log with a KMS key of the environment's own.
             * @default true
             * @example true
             */
            encrypt?: boolean;
            /**
             * Session log retention
             * @description Days that session logs are kept, one of the periods CloudWatch Logs has.
             * @default 30
             * @example 30
             */
            log_retention_days?: components["schemas"]["LogRetention"];
        };
        /**
         * ExistingNetwork
         * @description A VPC that is there already; nothing in it is changed but what the environment adds.
         */
        ExistingNetwork: {
            /**
             * Private subnets
             * @description Subnets for tasks, nodes and pods, in at least two availability zones. They must reach image registries and AWS's APIs by a NAT gateway or VPC endpoints.
             * @example [
             *       "subnet-0123456789abcdef2",
             *       "subnet-0123456789abcdef3"
             *     ]
             */
            private_subnet_ids: string[];
            /**
             * Public subnets
             * @description Subnets for the load balancer, in at least two availability zones.
             * @example [
             *       "subnet-0123456789abcdef0",
             *       "subnet-0123456789abcdef1"
             *     ]
             */
            public_subnet_ids: string[];
            /**
             * VPC
             * @description The id of the VPC to deploy into.
             * @example vpc-0123456789abcdef0
             */
            vpc_id: string;
        };
        /**
         * Exposure
         * @description Puts a workload's first port on the environment's load balancer.
         */
        Exposure: {
            /**
             * Certificate
             * @description ACM certificate for HTTPS; with one, plain HTTP is redirected to HTTPS.
             * @default null
             * @example arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555
             */
            certificate_arn?: string | null;
            /**
             * Deregistration delay
             * @description Seconds a copy that is going may finish its requests.
             * @default 30
             * @example 30
             */
            deregistration_delay_seconds?: number;
            /**
             * Health check grace period
             * @description Seconds after start in which the load balancer's verdict is not acted on.
             * @default 60
             * @example 60
             */
            health_check_grace_period_seconds?: number;
            /**
             * Health path
             * @description Path the load balancer asks to see whether the workload is healthy.
             * @default /
             * @example /health
             */
            health_path?: string;
            /**
             * Host
             * @description Only requests for this host name. Absent: any host.
             * @default null
             * @example shop.example.com
             * @example *.example.com
             */
            host?: string | null;
            /**
             * Path
             * @description Requests whose path matches go to the workload; `*` and `?` are wildcards, `/` alone takes whatever no other workload claims.
             * @default /
             * @example /
             * @example /api/*
             */
            path?: string;
            /**
             * Rule priority
             * @description Position of the rule, 1 to 50000, lowest first. Absent: assigned, the more specific first.
             * @default null
             * @example 100
             */
            priority?: number | null;
            /**
             * Slow start
             * @description Seconds over which a new copy's share of requests grows. Absent: full share at once.
             * @default null
             * @example 60
             */
            slow_start_seconds?: number | null;
            /**
             * Stickiness
             * @description Seconds for which a client stays with the same copy, by cookie. Absent: it does not.
             * @default null
             * @example 3600
             */
            stickiness_seconds?: number | null;
            /**
             * Test port
             * @description Port of a test listener that shows the new version before it takes over (blue_green, canary and linear). Absent: none.
             * @default null
             * @example 8443
             */
            test_port?: number | null;
        };
        /**
         * ExtensionWanted
         * @description How much longer an environment is to live.
         */
        ExtensionWanted: {
            /**
             * Ttl
             * Format: duration
             * @description ISO 8601 duration from now on
             * @example P3D
             */
            ttl: string;
        };
        /**
         * FailureView
         * @description Why an operation failed.
         */
        FailureView: {
            /**
             * Code
             * @description Stable; what a program decides by
             */
            code: string;
            /**
             * Hint
             * @description What to do about it
             */
            hint: string | null;
            /** Message */
            message: string;
            /**
             * Provider Message
             * @description What the provider said, word for word
             */
            provider_message: string | null;
            /** Resource Type */
            resource_type: string | null;
            /** Resource Urn */
            resource_urn: string | null;
            /** Retryable */
            retryable: boolean;
        };
        /**
         * FargateCapacity
         * @description Copies on Fargate.
         */
        FargateCapacity: {
            /**
             * Base
             * @description Copies of each workload that are always on Fargate.
             * @default 0
             * @example 1
             */
            base?: number;
            /**
             * Weight
             * @description Share of the copies beyond the base.
             * @default 100
             * @example 70
             */
            weight?: number;
        };
        /**
         * FargateProfile
         * @description Pods that run on Fargate in place of nodes.
         */
        FargateProfile: {
            /**
             * Selectors
             * @description A pod that matches one of these runs on Fargate.
             * @example [
             *       {
             *         "namespace": "fargate"
             *       }
             *     ]
             */
            selectors: components["schemas"]["FargateSelector"][];
        };
        /**
         * FargateSelector
         * @description Pods that a Fargate profile takes.
         */
        FargateSelector: {
            /**
             * Labels
             * @description Labels the pods must have, all of them.
             * @default {}
             * @example {
             *       "k8s-app": "kube-dns"
             *     }
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * Namespace
             * @description The pods' namespace.
             * @example kube-system
             */
            namespace: string;
        };
        /**
         * FargateSpotCapacity
         * @description Copies on Fargate Spot: cheaper, and taken away with two minutes' notice.
         */
        FargateSpotCapacity: {
            /**
             * Weight
             * @description Share of the copies beyond the base.
             * @default 0
             * @example 30
             */
            weight?: number;
        };
        /**
         * FindingView
         * @description What a check found in the plan.
         */
        FindingView: {
            /**
             * Code
             * @description What an operation that is refused for it has failed with
             */
            code: string;
            /**
             * Hint
             * @description What to do about it
             */
            hint: string;
            /** Message */
            message: string;
            /** Resource Urn */
            resource_urn: string | null;
            /** Rule */
            rule: string;
            /** @description `advisory`: good to know; `needs_approval`: somebody must agree before it runs; `refused`: it does not run */
            severity: components["schemas"]["Severity"];
        };
        /**
         * HealthCheck
         * @description A command run in the container that says whether it is healthy.
         */
        HealthCheck: {
            /**
             * Command
             * @description Run by the container's shell; exit code 0 means healthy.
             * @example curl -f http://localhost:8080/health || exit 1
             */
            command: string;
            /**
             * Interval
             * @description Seconds between checks.
             * @default 30
             * @example 30
             */
            interval_seconds?: number;
            /**
             * Retries
             * @description Failures in a row after which the container is unhealthy.
             * @default 3
             * @example 3
             */
            retries?: number;
            /**
             * Start period
             * @description Seconds after start in which failures do not count.
             * @default 0
             * @example 60
             */
            start_period_seconds?: number;
            /**
             * Timeout
             * @description Seconds after which one check counts as failed.
             * @default 5
             * @example 5
             */
            timeout_seconds?: number;
        };
        JsonValue: unknown;
        /**
         * Karpenter
         * @description What Karpenter may buy.
         */
        Karpenter: {
            /**
             * Instance categories
             * @description First letters of the instance families it may choose from.
             * @default [
             *       "c",
             *       "m",
             *       "r"
             *     ]
             * @example [
             *       "c",
             *       "m",
             *       "r"
             *     ]
             */
            instance_categories?: string[];
            /**
             * Most memory
             * @description GiB of all its nodes together.
             * @default 400
             * @example 400
             */
            max_memory_gib?: number;
            /**
             * Most vCPUs
             * @description vCPUs of all its nodes together.
             * @default 100
             * @example 100
             */
            max_vcpus?: number;
            /**
             * Spot
             * @description Whether it may take Spot beside on-demand nodes.
             * @default true
             * @example true
             */
            spot?: boolean;
        };
        /**
         * KeepTagged
         * @description Which tagged images a repository keeps.
         */
        KeepTagged: {
            /**
             * Images kept
             * @description How many of them each repository keeps, newest first.
             * @default 10
             * @example 10
             */
            count?: number;
            /**
             * Tag prefixes
             * @description Images whose tags begin with one of these are counted and the newest kept.
             * @default [
             *       "v"
             *     ]
             * @example [
             *       "v"
             *     ]
             * @example [
             *       "v",
             *       "release-"
             *     ]
             */
            prefixes?: string[];
        };
        /**
         * KnownSidecar
         * @description Sidecars that are set up completely by their name.
         * @enum {string}
         */
        KnownSidecar: "xray" | "otel" | "fluent_bit" | "cloudwatch_agent";
        /**
         * LeftoverView
         * @description Something in the cloud that outlived its environment.
         */
        LeftoverView: {
            /**
             * Id
             * @description Its ARN, or its id where it has none
             */
            id: string;
            /**
             * Resource Type
             * @description What it is, as the cloud names the type
             */
            resource_type: string;
            /**
             * Tag
             * @description The tag that says whose it is
             */
            tag: string;
        };
        /**
         * LifecycleHook
         * @description A Lambda function that is asked at stages of the rollout and may stop it.
         */
        LifecycleHook: {
            /**
             * Function
             * @description ARN of the Lambda function.
             * @example arn:aws:lambda:us-east-1:123456789012:function:smoke-test
             */
            function_arn: string;
            /**
             * Stages
             * @description When it is asked.
             * @example [
             *       "POST_TEST_TRAFFIC_SHIFT"
             *     ]
             */
            stages: components["schemas"]["LifecycleStage"][];
        };
        /**
         * LifecycleStage
         * @description Moments of an ECS deployment at which a hook runs (Amazon ECS API, DeploymentLifecycleHook).
         * @enum {string}
         */
        LifecycleStage: "RECONCILE_SERVICE" | "PRE_SCALE_UP" | "POST_SCALE_UP" | "TEST_TRAFFIC_SHIFT" | "POST_TEST_TRAFFIC_SHIFT" | "PRODUCTION_TRAFFIC_SHIFT" | "POST_PRODUCTION_TRAFFIC_SHIFT";
        /**
         * LoadBalancer
         * @description The one load balancer that an environment's public workloads share.
         */
        LoadBalancer: {
            /**
             * Access logs
             * @description Write one line a request to S3. Absent: on for class production.
             * @example true
             */
            access_logs?: boolean;
            /**
             * Access log bucket
             * @description Bucket for the access logs. Absent: the environment makes its own.
             * @default null
             * @example shop-access-logs
             */
            access_logs_bucket?: string | null;
            /**
             * Allowed clients
             * @description IPv4 blocks that may reach it.
             * @default [
             *       "0.0.0.0/0"
             *     ]
             * @example [
             *       "0.0.0.0/0"
             *     ]
             * @example [
             *       "203.0.113.0/24"
             *     ]
             */
            allowed_cidrs?: string[];
            /**
             * Deletion protection
             * @description While the environment is `protected`, have AWS refuse deletion too, even past Berth. The deployment that lifts `protected` lifts it.
             * @default false
             * @example true
             */
            deletion_protection?: boolean;
            /**
             * Idle timeout
             * @description Seconds after which a silent connection is closed.
             * @default 60
             * @example 60
             */
            idle_timeout_seconds?: number;
            /**
             * Internal
             * @description Reachable from inside the network only.
             * @default false
             * @example false
             */
            internal?: boolean;
            /**
             * Web ACL
             * @description AWS WAF web ACL to put in front.
             * @default null
             * @example arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/11111111-2222-3333-4444-555555555555
             */
            web_acl_arn?: string | null;
        };
        /**
         * LogRetention
         * @description The retention periods CloudWatch Logs has, in days (CloudWatch Logs API, PutRetentionPolicy).
         * @enum {integer}
         */
        LogRetention: 1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 120 | 150 | 180 | 365 | 400 | 545 | 731 | 1827 | 3653;
        /**
         * LogType
         * @description Logs of the control plane.
         * @enum {string}
         */
        LogType: "api" | "audit" | "authenticator" | "controllerManager" | "scheduler";
        /**
         * Mesh
         * @description The service mesh, if any.
         */
        Mesh: {
            /**
             * Certificate authority
             * @description AWS Private CA for `tls`. Absent: the environment makes one for short-lived certificates.
             * @default null
             * @example arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/11111111-2222-3333-4444-555555555555
             */
            certificate_authority_arn?: string | null;
            /**
             * Connection pool
             * @description How much one copy is given at once (App Mesh).
             * @default null
             * @example {
             *       "max_connections": 100
             *     }
             */
            connection_pool?: components["schemas"]["ConnectionPool"] | null;
            /**
             * Gateway
             * @description Whether the mesh has a gateway of its own for traffic from outside (App Mesh on ECS).
             * @default false
             * @example true
             */
            gateway?: boolean;
            /**
             * Idle timeout
             * @description Seconds after which a silent connection is closed. Absent: the mesh's own.
             * @default null
             * @example 60
             */
            idle_timeout_seconds?: number | null;
            /**
             * Kind
             * @description `none`, `service_connect` (ECS), `vpc_lattice` (EKS), or `app_mesh` (both; AWS ended it on 2026-09-30, so it runs in the sandbox alone).
             * @default none
             * @example service_connect
             */
            kind?: components["schemas"]["MeshKind"];
            /**
             * Mutual TLS
             * @description Both sides show a certificate (App Mesh).
             * @default null
             * @example {
             *       "certificate_authority_arn": "arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/11111111-2222-3333-4444-555555555555"
             *     }
             */
            mtls?: components["schemas"]["MutualTls"] | null;
            /**
             * Outlier detection
             * @description Takes failing copies out for a while (App Mesh).
             * @default null
             * @example {
             *       "max_server_errors": 5
             *     }
             */
            outlier_detection?: components["schemas"]["OutlierDetection"] | null;
            /**
             * Request timeout
             * @description Seconds a request may take (Service Connect). Absent: the mesh's own.
             * @default null
             * @example 15
             */
            request_timeout_seconds?: number | null;
            /**
             * Retries
             * @description Which requests are tried again (App Mesh).
             * @default null
             * @example {
             *       "events": [
             *         "server-error",
             *         "gateway-error"
             *       ],
             *       "max": 3,
             *       "per_try_timeout_seconds": 2
             *     }
             */
            retries?: components["schemas"]["Retries"] | null;
            /**
             * Route timeout
             * @description Seconds a request may take on a route (App Mesh). Absent: the mesh's own.
             * @default null
             * @example 15
             */
            timeout_seconds?: number | null;
            /**
             * TLS
             * @description Whether traffic between workloads is encrypted.
             * @default false
             * @example true
             */
            tls?: boolean;
        };
        /**
         * MeshKind
         * @description The meshes there are.
         * @enum {string}
         */
        MeshKind: "none" | "service_connect" | "vpc_lattice" | "app_mesh";
        /**
         * MetricsAdapter
         * @description Who feeds the load balancer's request count to the autoscaler of pods.
         * @enum {string}
         */
        MetricsAdapter: "none" | "keda";
        /**
         * MonthlyCostView
         * @description US dollars for a month of 730 hours: with autoscaled parts at the least, as desired, at the most.
         */
        MonthlyCostView: {
            /**
             * Desired Usd
             * @example 141.45
             */
            desired_usd: string;
            /**
             * Max Usd
             * @example 141.45
             */
            max_usd: string;
            /**
             * Min Usd
             * @example 141.45
             */
            min_usd: string;
        };
        /**
         * MutualTls
         * @description Both sides show a certificate.
         */
        MutualTls: {
            /**
             * Certificate authority
             * @description AWS Private CA that issues the workloads' certificates.
             * @example arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/11111111-2222-3333-4444-555555555555
             */
            certificate_authority_arn: string;
        };
        /**
         * NamespaceQuota
         * @description The most that the pods of one workload's namespace may ask for together.
         */
        NamespaceQuota: {
            /**
             * CPU
             * @description CPU units, 1024 are one vCPU.
             * @example 65536
             */
            cpu_units: number;
            /**
             * Memory
             * @description Memory in MiB.
             * @example 131072
             */
            memory_mib: number;
            /**
             * Pods
             * @description Pods.
             * @example 100
             */
            pods: number;
        };
        /**
         * NatGateways
         * @description How private subnets reach the internet.
         * @enum {string}
         */
        NatGateways: "none" | "single" | "one_per_az";
        /**
         * Network
         * @description Where the environment lives: public subnets for the load balancer, private ones for the rest.
         */
        Network: {
            /**
             * Availability zones
             * @description How many zones to spread over, 2 to 4: one public and one private subnet in each.
             * @default 2
             * @example 2
             * @example 3
             */
            availability_zones?: number;
            /**
             * Address range
             * @description The IPv4 block of the environment's VPC, /16 to /24. Not used with `existing`.
             * @default 10.0.0.0/16
             * @example 10.0.0.0/16
             * @example 10.20.0.0/16
             */
            cidr?: string;
            /**
             * VPC endpoints
             * @description AWS services reached without leaving the VPC, by their names without the region prefix. `s3` and `dynamodb` become gateway endpoints, the others interface endpoints.
             * @default []
             * @example [
             *       "ecr.api",
             *       "ecr.dkr",
             *       "s3",
             *       "logs",
             *       "secretsmanager"
             *     ]
             */
            endpoints?: string[];
            /**
             * Existing network
             * @description Use this VPC in place of making one.
             * @default null
             * @example {
             *       "private_subnet_ids": [
             *         "subnet-0123456789abcdef2",
             *         "subnet-0123456789abcdef3"
             *       ],
             *       "public_subnet_ids": [
             *         "subnet-0123456789abcdef0",
             *         "subnet-0123456789abcdef1"
             *       ],
             *       "vpc_id": "vpc-0123456789abcdef0"
             *     }
             */
            existing?: components["schemas"]["ExistingNetwork"] | null;
            /**
             * Flow logs
             * @description Record the VPC's traffic in CloudWatch Logs. Absent: on for class production.
             * @example true
             */
            flow_logs?: boolean;
            /**
             * NAT gateways
             * @description How private subnets reach the internet: `none` (then `endpoints` must carry images and logs), `single`, or `one_per_az`. Absent: `one_per_az` for class production, else `single`.
             * @example single
             * @example one_per_az
             */
            nat_gateways?: components["schemas"]["NatGateways"];
        };
        /**
         * NodeCapacityType
         * @description How nodes are bought.
         * @enum {string}
         */
        NodeCapacityType: "on_demand" | "spot";
        /**
         * NodeGroup
         * @description A managed node group.
         */
        NodeGroup: {
            /**
             * AMI type
             * @description As EKS names it. Absent: AL2023, by the instance types' processor and GPU.
             * @default null
             * @example AL2023_x86_64_STANDARD
             * @example BOTTLEROCKET_x86_64
             */
            ami_type?: ("AL2023_x86_64_STANDARD" | "AL2023_ARM_64_STANDARD" | "AL2023_x86_64_NVIDIA" | "AL2023_ARM_64_NVIDIA" | "AL2023_x86_64_NEURON" | "BOTTLEROCKET_x86_64" | "BOTTLEROCKET_ARM_64" | "BOTTLEROCKET_x86_64_NVIDIA" | "BOTTLEROCKET_ARM_64_NVIDIA" | "BOTTLEROCKET_x86_64_FIPS" | "BOTTLEROCKET_ARM_64_FIPS") | null;
            /**
             * Capacity type
             * @description `on_demand` or `spot`.
             * @default on_demand
             * @example on_demand
             */
            capacity_type?: components["schemas"]["NodeCapacityType"];
            /**
             * Desired
             * @description Nodes at the start; an autoscaler's from then on. Absent: as `min`, at least 2.
             * @example 2
             */
            desired?: number;
            /**
             * Disk
             * @description GiB of the encrypted root volume.
             * @default 50
             * @example 50
             */
            disk_gib?: number;
            /**
             * Instance types
             * @description Types to take; several make Spot steadier.
             * @default [
             *       "m6i.large"
             *     ]
             * @example [
             *       "m6i.large",
             *       "m5.large"
             *     ]
             */
            instance_types?: string[];
            /**
             * Labels
             * @description Labels of the nodes.
             * @default {}
             * @example {
             *       "workload": "general"
             *     }
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * Maximum
             * @description Most nodes. Absent: 4, or `desired` where that is more.
             * @example 4
             */
            max?: number;
            /**
             * Most unavailable
             * @description Percent of the nodes replaced at once in an update.
             * @default 33
             * @example 33
             */
            max_unavailable_percent?: number;
            /**
             * Minimum
             * @description Fewest nodes.
             * @default 1
             * @example 1
             */
            min?: number;
            /**
             * Node repair
             * @description Whether EKS replaces nodes that it finds unhealthy.
             * @default true
             * @example true
             */
            node_repair?: boolean;
            /**
             * Taints
             * @description Taints of the nodes.
             * @default []
             * @example [
             *       {
             *         "effect": "NO_SCHEDULE",
             *         "key": "spot",
             *         "value": "true"
             *       }
             *     ]
             */
            taints?: components["schemas"]["Taint"][];
        };
        /**
         * Observability
         * @description What is kept and shown of a running environment.
         */
        Observability: {
            /**
             * Alarm recipients
             * @description Addresses that are asked to subscribe to the alarms; on ECS alone.
             * @default []
             * @example [
             *       "oncall@example.com"
             *     ]
             */
            alarm_emails?: string[];
            /**
             * Alarm thresholds
             * @default {
             *       "cpu_percent": 90,
             *       "http_5xx_count": 10,
             *       "latency_p95_milliseconds": 1000,
             *       "memory_percent": 90
             *     }
             * @example {
             *       "http_5xx_count": 10
             *     }
             */
            alarm_thresholds?: components["schemas"]["AlarmThresholds"];
            /**
             * Alarms
             * @description Make CloudWatch alarms and an SNS topic; on ECS alone. Absent: on for class production.
             * @example true
             */
            alarms?: boolean;
            /**
             * Dashboard
             * @description Make a CloudWatch dashboard.
             * @default false
             * @example true
             */
            dashboard?: boolean;
            /**
             * Log retention
             * @description Days that logs are kept, one of the periods CloudWatch Logs has. Absent: 7 for class ephemeral, 30 for standard, 90 for production.
             * @example 30
             */
            log_retention_days?: components["schemas"]["LogRetention"];
            /**
             * @description `xray` runs the X-Ray daemon beside every workload.
             * @default none
             * @example xray
             */
            tracing?: components["schemas"]["Tracing"];
        };
        /**
         * OperationDetail
         * @description An operation with the request document as it was when the operation was asked for.
         */
        OperationDetail: {
            /**
             * Approval Expires At
             * @description Until when it can be approved
             */
            approval_expires_at: string | null;
            /**
             * Base State Version
             * @description The state version that it started from
             */
            base_state_version: number | null;
            /** Blueprint */
            blueprint: string;
            /** Blueprint Version */
            blueprint_version: string;
            /** Cancel Requested At */
            cancel_requested_at: string | null;
            changes: components["schemas"]["ChangesView"] | null;
            /** @description Of a plan what it would cost, of what has run what it costs; null: not yet known */
            cost: components["schemas"]["CostSummaryView"] | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Engine
             * @description `official` or `sandbox`: which Pulumi engine ran it
             */
            engine: string | null;
            /** Engine Version */
            engine_version: string | null;
            /** Environment Id */
            environment_id: string;
            failure: components["schemas"]["FailureView"] | null;
            /**
             * Findings
             * @description What the checks found in its plan, before anything was done; the gravest first
             */
            findings: components["schemas"]["FindingView"][];
            /** Finished At */
            finished_at: string | null;
            /**
             * Id
             * @example op_0192f0c1a7b87c3d9e5f60718293a4b5
             */
            id: string;
            kind: components["schemas"]["OperationKind"];
            /**
             * Leftovers
             * @description Of a destroy: what a scan by tag found standing afterwards; null where nobody looked
             */
            leftovers: components["schemas"]["LeftoverView"][] | null;
            /** @description What was asked besides the kind */
            options: components["schemas"]["OptionsView"];
            /**
             * Plan Id
             * @description The plan that it is held to
             */
            plan_id: string | null;
            /**
             * Plan Operation Id
             * @description The preview that makes its plan
             */
            plan_operation_id: string | null;
            /** @description Where it stands in line, while it waits there */
            queue?: components["schemas"]["PlaceView"] | null;
            /** Request */
            request: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * Retry Of
             * @description The operation that this one repeats
             */
            retry_of: string | null;
            /** Started At */
            started_at: string | null;
            state: components["schemas"]["OperationState"];
            /**
             * State Version
             * @description The state version that it recorded
             */
            state_version: number | null;
            /**
             * Superseded By
             * @description The newer operation that took its place
             */
            superseded_by: string | null;
            /** Worker */
            worker: string | null;
        };
        /**
         * OperationKind
         * @description What an operation does.
         * @enum {string}
         */
        OperationKind: "preview" | "deploy" | "refresh" | "destroy" | "detect_drift" | "repair" | "import" | "restore";
        /**
         * OperationState
         * @description Where an operation stands.
         * @enum {string}
         */
        OperationState: "pending" | "awaiting_approval" | "queued" | "running" | "succeeded" | "failed" | "cancelled" | "interrupted" | "rejected" | "expired" | "superseded";
        /**
         * OperationView
         * @description One run of an environment's program.
         */
        OperationView: {
            /**
             * Approval Expires At
             * @description Until when it can be approved
             */
            approval_expires_at: string | null;
            /**
             * Base State Version
             * @description The state version that it started from
             */
            base_state_version: number | null;
            /** Blueprint */
            blueprint: string;
            /** Blueprint Version */
            blueprint_version: string;
            /** Cancel Requested At */
            cancel_requested_at: string | null;
            changes: components["schemas"]["ChangesView"] | null;
            /** @description Of a plan what it would cost, of what has run what it costs; null: not yet known */
            cost: components["schemas"]["CostSummaryView"] | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Engine
             * @description `official` or `sandbox`: which Pulumi engine ran it
             */
            engine: string | null;
            /** Engine Version */
            engine_version: string | null;
            /** Environment Id */
            environment_id: string;
            failure: components["schemas"]["FailureView"] | null;
            /** Finished At */
            finished_at: string | null;
            /**
             * Id
             * @example op_0192f0c1a7b87c3d9e5f60718293a4b5
             */
            id: string;
            kind: components["schemas"]["OperationKind"];
            /**
             * Leftovers
             * @description Of a destroy: what a scan by tag found standing afterwards; null where nobody looked
             */
            leftovers: components["schemas"]["LeftoverView"][] | null;
            /** @description What was asked besides the kind */
            options: components["schemas"]["OptionsView"];
            /**
             * Plan Id
             * @description The plan that it is held to
             */
            plan_id: string | null;
            /**
             * Plan Operation Id
             * @description The preview that makes its plan
             */
            plan_operation_id: string | null;
            /** @description Where it stands in line, while it waits there */
            queue?: components["schemas"]["PlaceView"] | null;
            /**
             * Retry Of
             * @description The operation that this one repeats
             */
            retry_of: string | null;
            /** Started At */
            started_at: string | null;
            state: components["schemas"]["OperationState"];
            /**
             * State Version
             * @description The state version that it recorded
             */
            state_version: number | null;
            /**
             * Superseded By
             * @description The newer operation that took its place
             */
            superseded_by: string | null;
            /** Worker */
            worker: string | null;
        };
        /**
         * OperationWanted
         * @description An operation to start.
         */
        OperationWanted: {
            /**
             * Adopt
             * @description Of a preview or deploy: resources that stand in the cloud, to be taken over, not made
             */
            adopt?: components["schemas"]["AdoptionWanted"][];
            /** @description `preview` shows what a deploy would change; `deploy` makes it so; `refresh` reads what stands in the cloud into the recorded state; `destroy` removes every resource; `detect_drift` compares the cloud with the recorded state and changes neither; `repair` clears what an interrupted run left pending by reading the cloud; `restore` puts an older state version back and reads the cloud into it. */
            kind: components["schemas"]["RequestableKind"];
            /**
             * Plan Id
             * @description Of a deploy: do exactly what this plan says, as a preview has made it
             */
            plan_id?: string | null;
            /** @description Where others run or wait: `queue` behind them, be `refuse`d, `replace` the last waiting one of this kind, or be the `latest` and replace all that wait. Absent: this installation's rule, else `queue` */
            queue?: components["schemas"]["QueuePolicy"] | null;
            /**
             * Refresh
             * @description Of a preview or deploy: read the cloud first, so that drift is seen and put right
             * @default false
             */
            refresh?: boolean;
            /**
             * State Version
             * @description Of a restore: the number of the state version to put back
             */
            state_version?: number | null;
        };
        /**
         * OptionsView
         * @description What an operation was asked besides its kind.
         */
        OptionsView: {
            /**
             * Adopt
             * @description What it takes over instead of making it
             */
            adopt: components["schemas"]["AdoptionWanted"][];
            /**
             * Refresh
             * @description Whether it reads the cloud first
             */
            refresh: boolean;
            /**
             * State Version
             * @description Of a restore: the state version that it puts back
             */
            state_version: number | null;
            /**
             * Upload Id
             * @description Of an import: the state that it puts in place
             */
            upload_id: string | null;
        };
        /**
         * OutlierDetection
         * @description Takes a failing copy out for a while.
         */
        OutlierDetection: {
            /**
             * Ejection
             * @description Seconds a copy stays out.
             * @default 30
             * @example 30
             */
            base_ejection_seconds?: number;
            /**
             * Interval
             * @description Seconds over which they are counted.
             * @default 10
             * @example 10
             */
            interval_seconds?: number;
            /**
             * Most ejected
             * @description Percent of copies out at once.
             * @default 50
             * @example 50
             */
            max_ejection_percent?: number;
            /**
             * Errors
             * @description Server errors that take a copy out.
             * @default 5
             * @example 5
             */
            max_server_errors?: number;
        };
        /**
         * OutputItem
         * @description An output of the environment.
         */
        OutputItem: {
            /**
             * Is Secret
             * @description Whether a secret was masked in the value
             */
            is_secret: boolean;
            /**
             * Is Stale
             * @description Whether a later operation has failed since this value was good
             */
            is_stale: boolean;
            /** Name */
            name: string;
            /**
             * State Version
             * @description The state version that this value comes from
             */
            state_version: number;
            /** @description Any JSON; a secret inside it stands as `{"secret": true}`, never in plain text */
            value: components["schemas"]["JsonValue"];
        };
        /**
         * OutputList
         * @description The outputs of the last good operation.
         */
        OutputList: {
            /**
             * Is Stale
             * @description Whether the newest operation failed: the outputs are older
             */
            is_stale: boolean;
            /** Items */
            items: components["schemas"]["OutputItem"][];
            /**
             * State Version
             * @description The newest state version; null before the first
             */
            state_version: number | null;
        };
        /**
         * OwnSidecar
         * @description A container of one's own.
         */
        OwnSidecar: {
            /**
             * Command
             * @description In place of the image's own command.
             * @default []
             * @example [
             *       "migrate",
             *       "--to-latest"
             *     ]
             */
            command?: string[];
            /**
             * CPU
             * @description CPU units set aside for it out of the workload's; 1024 are one vCPU, 0 shares what is left.
             * @default 0
             * @example 64
             */
            cpu_units?: number;
            /**
             * Starts after
             * @description Containers of this workload that must be there first.
             * @default []
             * @example [
             *       {
             *         "condition": "START",
             *         "container": "xray"
             *       }
             *     ]
             */
            depends_on?: components["schemas"]["Dependency"][];
            /**
             * Entry point
             * @description In place of the image's own entry point.
             * @default []
             * @example [
             *       "/bin/sh",
             *       "-c"
             *     ]
             */
            entry_point?: string[];
            /**
             * Settings
             * @description Plain environment variables; credentials belong in `secrets`.
             * @default {}
             * @example {
             *       "LOG_LEVEL": "info"
             *     }
             */
            env?: {
                [key: string]: string;
            };
            /**
             * Essential
             * @description Whether the workload is stopped when this container stops.
             * @default false
             * @example false
             */
            essential?: boolean;
            /**
             * Health check
             * @description A command that says whether the container is healthy.
             * @default null
             * @example {
             *       "command": "wget -qO- http://localhost:9901/ready"
             *     }
             */
            health_check?: components["schemas"]["HealthCheck"] | null;
            /**
             * Image
             * @description A reference, or an image of the environment's own registry.
             * @example public.ecr.aws/docker/library/busybox:1.37
             * @example {
             *       "repository": "tools",
             *       "tag": "v1"
             *     }
             */
            image: string | components["schemas"]["RepositoryImage"];
            /**
             * Memory
             * @description Memory limit in MiB, out of the workload's.
             * @default 128
             * @example 128
             */
            memory_mib?: number;
            /**
             * Name
             * @description The container's name, unique in its workload.
             * @example migrate
             */
            name: string;
            /**
             * Ports
             * @description Ports the container listens on, reachable by the workload's other containers.
             * @default []
             * @example [
             *       {
             *         "name": "admin",
             *         "port": 9901
             *       }
             *     ]
             */
            ports?: components["schemas"]["Port"][];
            /**
             * Read-only root file system
             * @description Whether the container may write to `writable_paths` only.
             * @default true
             * @example true
             */
            read_only_root_filesystem?: boolean;
            /**
             * Secrets
             * @description Secrets handed over as environment variables.
             * @default []
             * @example [
             *       {
             *         "name": "DB_PASSWORD",
             *         "secrets_manager": "shop/db-password"
             *       }
             *     ]
             */
            secrets?: components["schemas"]["Secret"][];
            /**
             * User
             * @description Numeric user, or user:group, it runs as. Absent: as for the workload.
             * @default null
             * @example 1000
             * @example 1000:1000
             */
            user?: string | null;
            /**
             * Writable paths
             * @description Directories that are empty and writable at start when the root file system is read-only; on ECS to whom, as for the workload's.
             * @default [
             *       "/tmp"
             *     ]
             * @example [
             *       "/var/cache/app"
             *     ]
             */
            writable_paths?: string[];
        };
        /** Page[DriftReportView] */
        Page_DriftReportView_: {
            /** Items */
            items: components["schemas"]["DriftReportView"][];
            /**
             * Next Page Token
             * @description Ask with it as `page_token` and the same filters for what follows; null on the last page
             */
            next_page_token: string | null;
        };
        /** Page[EnvironmentSummary] */
        Page_EnvironmentSummary_: {
            /** Items */
            items: components["schemas"]["EnvironmentSummary"][];
            /**
             * Next Page Token
             * @description Ask with it as `page_token` and the same filters for what follows; null on the last page
             */
            next_page_token: string | null;
        };
        /** Page[OperationView] */
        Page_OperationView_: {
            /** Items */
            items: components["schemas"]["OperationView"][];
            /**
             * Next Page Token
             * @description Ask with it as `page_token` and the same filters for what follows; null on the last page
             */
            next_page_token: string | null;
        };
        /**
         * Permission
         * @description What a workload may do in AWS, beyond reading the secrets it names.
         */
        Permission: {
            /**
             * Actions
             * @description IAM actions.
             * @example [
             *       "s3:GetObject",
             *       "s3:PutObject"
             *     ]
             */
            actions: string[];
            /**
             * Conditions
             * @description Conditions, all of which must hold.
             * @default []
             * @example [
             *       {
             *         "test": "StringEquals",
             *         "values": [
             *           "eu-central-1"
             *         ],
             *         "variable": "aws:RequestedRegion"
             *       }
             *     ]
             */
            conditions?: components["schemas"]["Condition"][];
            /**
             * @description `allow` or `deny`.
             * @default allow
             * @example allow
             */
            effect?: components["schemas"]["Effect"];
            /**
             * Resources
             * @description ARNs the actions may touch; `*` only for actions that AWS cannot narrow.
             * @example [
             *       "arn:aws:s3:::shop-uploads/*"
             *     ]
             */
            resources: string[];
        };
        /**
         * PlaceView
         * @description A place in the environment's line.
         */
        PlaceView: {
            /**
             * Behind
             * @description The last of those
             */
            behind: string;
            /**
             * Position
             * @description How many come before it
             */
            position: number;
        };
        /**
         * PlanView
         * @description What a run would do. `digest` stands for all of it: inputs, blueprint, base state and steps.
         */
        PlanView: {
            /** Approvals Needed */
            approvals_needed: number;
            /**
             * Base State Version
             * @description The state that it starts from; null: from nothing
             */
            base_state_version: number | null;
            /** Blueprint */
            blueprint: string;
            /** Blueprint Version */
            blueprint_version: string;
            changes: components["schemas"]["ChangesView"];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Decisions */
            decisions: components["schemas"]["DecisionView"][];
            /**
             * Digest
             * @description Name it to approve or reject
             */
            digest: string;
            /** Environment Id */
            environment_id: string;
            /**
             * Findings
             * @description What the checks found, the gravest first
             */
            findings: components["schemas"]["FindingView"][];
            /** Id */
            id: string;
            /**
             * Operation Id
             * @description The operation that made it
             */
            operation_id: string;
            /**
             * Steps
             * @description All but what stays the same
             */
            steps: components["schemas"]["StepView"][];
        };
        /**
         * PlanWord
         * @description An approval or a rejection.
         */
        PlanWord: {
            /** Comment */
            comment?: string | null;
            /**
             * Digest
             * @description Of the plan that you have looked at
             */
            digest: string;
        };
        /**
         * Port
         * @description A port a container listens on.
         */
        Port: {
            /**
             * Alias
             * @description The name other workloads reach this port under. Absent: the workload's name.
             * @default null
             * @example orders
             */
            alias?: string | null;
            /**
             * Name
             * @description The port's name, unique in its workload.
             * @default http
             * @example http
             * @example metrics
             */
            name?: string;
            /**
             * Port
             * @description The number the container listens on.
             * @example 8080
             */
            port: number;
            /**
             * @description What is spoken on it: http, http2, grpc, tcp or udp.
             * @default http
             * @example http
             * @example grpc
             */
            protocol?: components["schemas"]["Protocol"];
        };
        /**
         * Problem
         * @description What went wrong, as RFC 9457 problem details.
         */
        Problem: {
            /**
             * Code
             * @description Stable; what a program decides by
             */
            code: string;
            /**
             * Detail
             * @description What happened this time, for a person
             */
            detail: string;
            /**
             * Errors
             * @description Each place that is wrong
             */
            errors?: components["schemas"]["ProblemField"][];
            /**
             * Hint
             * @description What to do about it
             * @default null
             */
            hint?: string | null;
            /**
             * Instance
             * @description The path that was asked for
             */
            instance: string;
            /**
             * Request Id
             * @description Also in the `X-Request-Id` header and in the service's log
             */
            request_id: string;
            /**
             * Retryable
             * @description Whether the same request may succeed later
             */
            retryable: boolean;
            /**
             * Status
             * @description The answer's HTTP status
             */
            status: number;
            /**
             * Title
             * @description The kind of problem, the same for every occurrence
             */
            title: string;
            /**
             * Type
             * @description `urn:berth:problem:` and the code
             */
            type: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * ProblemField
         * @description One place of the request that is wrong.
         */
        ProblemField: {
            /**
             * Code
             * @description Stable name of the rule
             */
            code: string;
            /**
             * Message
             * @description What is wrong and what is allowed
             */
            message: string;
            /**
             * Parameter
             * @description The path, query or header parameter, if it is one
             * @default null
             */
            parameter?: string | null;
            /**
             * Pointer
             * @description JSON pointer (RFC 6901) into the body; empty for a parameter
             */
            pointer: string;
        };
        /**
         * Protocol
         * @description What is spoken on a port.
         * @enum {string}
         */
        Protocol: "http" | "http2" | "grpc" | "tcp" | "udp";
        /**
         * QueuePolicy
         * @description What a new operation does where others run or wait.
         * @enum {string}
         */
        QueuePolicy: "queue" | "refuse" | "replace" | "latest";
        /**
         * RecordedEvent
         * @description An event as it stands in the database; `id` is what a reader resumes from.
         */
        RecordedEvent: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Id
             * @description Row number: `Last-Event-ID` of the stream, `after` of the pages
             */
            id: number;
            /** Operation Id */
            operation_id: string;
            /** Payload */
            payload: components["schemas"]["StateChanged"] | components["schemas"]["ResourceStarted"] | components["schemas"]["ResourceFinished"] | components["schemas"]["ResourceFailed"] | components["schemas"]["ResourceDrifted"] | components["schemas"]["Diagnostic"] | components["schemas"]["Summary"];
            /**
             * Sequence
             * @description Place in the operation's order, from 1 without gaps
             */
            sequence: number;
        };
        /**
         * ReferencesView
         * @description Which environments use which, by the outputs that their requests name.
         */
        ReferencesView: {
            /**
             * Used By
             * @description Living environments that use outputs of this one
             */
            used_by: string[];
            /**
             * Uses
             * @description Environments whose outputs this one uses
             * @example [
             *       "shop/orders"
             *     ]
             */
            uses: string[];
        };
        /**
         * Registry
         * @description The environment's own image repositories.
         */
        Registry: {
            /**
             * Untagged images expire
             * @description Days after which an image without a tag is deleted.
             * @default 1
             * @example 1
             */
            expire_untagged_days?: number;
            /**
             * Tagged images kept
             * @description The rule by which tagged images are kept.
             * @default {
             *       "count": 10,
             *       "prefixes": [
             *         "v"
             *       ]
             *     }
             * @example {
             *       "count": 10,
             *       "prefixes": [
             *         "v"
             *       ]
             *     }
             */
            keep_tagged?: components["schemas"]["KeepTagged"];
            /**
             * Accounts that may pull
             * @description Twelve-digit ids of other AWS accounts that may pull the images.
             * @default []
             * @example [
             *       "222222222222"
             *     ]
             */
            pull_accounts?: string[];
            /**
             * Repositories
             * @description Names of the repositories to make; workloads refer to them as `image: {repository, tag}`. They are prefixed with team and environment in the account.
             * @default []
             * @example [
             *       "frontend",
             *       "backend",
             *       "worker"
             *     ]
             */
            repositories?: string[];
        };
        /**
         * Replicas
         * @description How many copies run.
         */
        Replicas: {
            /**
             * Desired
             * @description Copies at the start; with scaling on, the autoscaler's from then on. Absent: as `min`, at least 1.
             * @example 2
             */
            desired?: number;
            /**
             * Maximum
             * @description Most copies. Absent: as `desired`.
             * @example 10
             */
            max?: number;
            /**
             * Minimum
             * @description Fewest copies.
             * @default 1
             * @example 1
             */
            min?: number;
        };
        /**
         * RepositoryImage
         * @description An image of this environment's own registry, by tag or by digest.
         */
        RepositoryImage: {
            /**
             * Digest
             * @description The image's digest, in place of a tag.
             * @default null
             * @example sha256:0000000000000000000000000000000000000000000000000000000000000000
             */
            digest?: string | null;
            /**
             * Repository
             * @description One of `registry.repositories`.
             * @example backend
             */
            repository: string;
            /**
             * Tag
             * @description The image's tag; tags are immutable.
             * @default null
             * @example v2.1.3
             */
            tag?: string | null;
        };
        /**
         * RequestKind
         * @description What to do with a request that was created or changed.
         * @enum {string}
         */
        RequestKind: "deploy" | "preview";
        /**
         * RequestableKind
         * @description The kinds that a caller may start.
         * @enum {string}
         */
        RequestableKind: "preview" | "deploy" | "refresh" | "destroy" | "detect_drift" | "repair" | "restore";
        /**
         * ResourceDrifted
         * @description Reading the cloud found a resource otherwise than it was recorded, or did not find it at all.
         */
        ResourceDrifted: {
            /**
             * Is Gone
             * @default false
             */
            is_gone?: boolean;
            /** Name */
            name: string;
            /**
             * Properties
             * @default []
             */
            properties?: components["schemas"]["DriftedProperty"][];
            /** Resource Type */
            resource_type: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "resource_drifted";
            /** Urn */
            urn: string;
        };
        /**
         * ResourceFailed
         * @description A step failed; the provider's words are in the diagnostics beside it.
         */
        ResourceFailed: {
            action: components["schemas"]["StepAction"];
            /** Name */
            name: string;
            /** Resource Type */
            resource_type: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "resource_failed";
            /** Urn */
            urn: string;
        };
        /**
         * ResourceFinished
         * @description A step ended well.
         */
        ResourceFinished: {
            action: components["schemas"]["StepAction"];
            /** Duration Ms */
            duration_ms?: number | null;
            /** Name */
            name: string;
            /** Resource Type */
            resource_type: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "resource_finished";
            /** Urn */
            urn: string;
        };
        /**
         * ResourceStarted
         * @description The engine began a step (in a preview: would do it).
         */
        ResourceStarted: {
            action: components["schemas"]["StepAction"];
            /**
             * Changed Properties
             * @default []
             */
            changed_properties?: string[];
            /** Name */
            name: string;
            /** Resource Type */
            resource_type: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "resource_started";
            /** Urn */
            urn: string;
        };
        /**
         * Retries
         * @description Which failed requests are tried again, and how often.
         */
        Retries: {
            /**
             * Events
             * @description server-error, gateway-error, client-error, stream-error, connection-error.
             * @default [
             *       "server-error",
             *       "gateway-error"
             *     ]
             * @example [
             *       "server-error",
             *       "gateway-error"
             *     ]
             */
            events?: string[];
            /**
             * Most retries
             * @description Tries after the first.
             * @default 2
             * @example 3
             */
            max?: number;
            /**
             * Timeout of a try
             * @description Seconds one try may take.
             * @default 2
             * @example 2
             */
            per_try_timeout_seconds?: number;
        };
        /**
         * RollbackAlarm
         * @description Alarms that end a rollout and bring the old version back.
         * @enum {string}
         */
        RollbackAlarm: "http_5xx" | "latency_p95" | "cpu" | "memory" | "unhealthy_hosts";
        /**
         * Rollout
         * @description How a new version takes over from the old one, and what brings the old one back.
         */
        Rollout: {
            /**
             * Bake time
             * @description Minutes both versions stay after all traffic has moved (blue_green, canary, linear).
             * @default 5
             * @example 15
             */
            bake_minutes?: number;
            /**
             * Canary bake time
             * @description Minutes the canary share is watched before all traffic moves (canary).
             * @default 5
             * @example 5
             */
            canary_bake_minutes?: number;
            /**
             * Canary share
             * @description Percent of traffic the new version gets first (canary).
             * @default 10
             * @example 10
             */
            canary_percent?: number;
            /**
             * Circuit breaker
             * @description What happens when new copies do not come up.
             * @default {
             *       "enabled": true,
             *       "rollback": true
             *     }
             * @example {
             *       "enabled": true,
             *       "rollback": true
             *     }
             */
            circuit_breaker?: components["schemas"]["CircuitBreaker"];
            /**
             * Controller
             * @description Who shifts traffic on ECS: ECS itself, or CodeDeploy. Not used on EKS.
             * @default ecs
             * @example ecs
             */
            controller?: components["schemas"]["RolloutController"];
            /**
             * Lifecycle hooks
             * @description Lambda functions that are asked at stages of a rollout on ECS.
             * @default []
             * @example [
             *       {
             *         "function_arn": "arn:aws:lambda:us-east-1:123456789012:function:smoke-test",
             *         "stages": [
             *           "POST_TEST_TRAFFIC_SHIFT"
             *         ]
             *       }
             *     ]
             */
            hooks?: components["schemas"]["LifecycleHook"][];
            /**
             * Linear bake time
             * @description Minutes between steps (linear).
             * @default 1
             * @example 1
             */
            linear_bake_minutes?: number;
            /**
             * Linear step
             * @description Percent of traffic moved in each step (linear).
             * @default 10
             * @example 20
             */
            linear_percent?: number;
            /**
             * Maximum
             * @description Percent of the desired copies that may run meanwhile.
             * @default 200
             * @example 200
             */
            maximum_percent?: number;
            /**
             * Minimum healthy
             * @description Percent of the desired copies that must stay up meanwhile.
             * @default 100
             * @example 100
             */
            minimum_healthy_percent?: number;
            /**
             * Rollback alarms
             * @description Alarms that end the rollout and bring the old version back. On EKS they are watched by `cluster.delivery`, for shifting strategies; `cpu` and `memory` need `cluster: {telemetry: cloudwatch_agent}` there.
             * @default []
             * @example [
             *       "http_5xx",
             *       "latency_p95"
             *     ]
             */
            rollback_alarms?: components["schemas"]["RollbackAlarm"][];
            /**
             * Stable image
             * @description EKS without a delivery controller: the version that keeps the traffic beyond `canary_percent` (canary), or all of it (blue_green), while `image` is tried. Drop it to promote `image`; write it as `image` to roll back.
             * @default null
             * @example public.ecr.aws/nginx/nginx:1.26
             */
            stable_image?: (string | components["schemas"]["RepositoryImage"]) | null;
            /**
             * Steps
             * @description Canary steps on EKS, in rising order, in place of `canary_percent` and `canary_bake_minutes`.
             * @default []
             * @example [
             *       {
             *         "pause": "5m",
             *         "weight": 10
             *       },
             *       {
             *         "pause": "5m",
             *         "weight": 50
             *       },
             *       {
             *         "weight": 100
             *       }
             *     ]
             */
            steps?: components["schemas"]["RolloutStep"][];
            /**
             * Strategy
             * @description `rolling` replaces copies bit by bit; `blue_green` starts all new ones and switches; `canary` tries a share first; `linear` shifts in equal steps.
             * @default rolling
             * @example rolling
             * @example canary
             */
            strategy?: components["schemas"]["RolloutStrategy"];
        };
        /**
         * RolloutController
         * @description Who shifts the traffic on ECS.
         * @enum {string}
         */
        RolloutController: "ecs" | "codedeploy";
        /**
         * RolloutStep
         * @description One step of a canary on EKS: a share of traffic, then a pause.
         */
        RolloutStep: {
            /**
             * Pause
             * @description How long to stay there, such as `30s`, `5m` or `1h`. Absent: no pause.
             * @default null
             * @example 5m
             */
            pause?: string | null;
            /**
             * Weight
             * @description Percent of traffic for the new version.
             * @example 10
             */
            weight: number;
        };
        /**
         * RolloutStrategy
         * @description The ways of taking over.
         * @enum {string}
         */
        RolloutStrategy: "rolling" | "blue_green" | "canary" | "linear";
        /**
         * Scaling
         * @description What the autoscaler follows; with any of it on, the desired count is the autoscaler's.
         */
        Scaling: {
            /**
             * CPU target
             * @description Average CPU use, in percent, to hold.
             * @default null
             * @example 70
             */
            cpu_percent?: number | null;
            /**
             * Memory target
             * @description Average memory use, in percent, to hold.
             * @default null
             * @example 80
             */
            memory_percent?: number | null;
            /**
             * Requests per copy
             * @description Requests a minute for each copy behind the load balancer, to hold; the workload must be public.
             * @default null
             * @example 1000
             */
            requests_per_target?: number | null;
            /**
             * Scale-in cooldown
             * @description Seconds to wait after removing copies.
             * @default 300
             * @example 300
             */
            scale_in_cooldown_seconds?: number;
            /**
             * Scale-out cooldown
             * @description Seconds to wait after adding copies; on EKS 1800 at most.
             * @default 60
             * @example 60
             */
            scale_out_cooldown_seconds?: number;
            /**
             * Schedule
             * @description Changes of the bounds at set times, such as none by night.
             * @default []
             * @example [
             *       {
             *         "cron": "0 20 * * ? *",
             *         "max": 0,
             *         "min": 0
             *       },
             *       {
             *         "cron": "0 6 * * ? *",
             *         "max": 10,
             *         "min": 2
             *       }
             *     ]
             */
            schedule?: components["schemas"]["ScheduledScaling"][];
        };
        /**
         * ScheduledScaling
         * @description A change of the bounds at a set time.
         */
        ScheduledScaling: {
            /**
             * When
             * @description AWS cron expression of six fields: minutes hours day-of-month month day-of-week year.
             * @example 0 20 ? * MON-FRI *
             */
            cron: string;
            /**
             * Maximum
             * @description Most copies from then on.
             * @example 0
             */
            max: number;
            /**
             * Minimum
             * @description Fewest copies from then on.
             * @example 0
             */
            min: number;
            /**
             * Time zone
             * @description IANA name of the time zone of `cron`.
             * @default UTC
             * @example UTC
             * @example Europe/Berlin
             */
            timezone?: string;
        };
        /**
         * Secret
         * @description A secret handed to a container as an environment variable; the value itself is never in a request.
         */
        Secret: {
            /**
             * JSON key
             * @description Take this key of the secret's JSON value. Absent: the whole value.
             * @default null
             * @example password
             */
            key?: string | null;
            /**
             * Variable
             * @description The environment variable that receives it.
             * @example DB_PASSWORD
             */
            name: string;
            /**
             * SSM parameter
             * @description Path or ARN of the parameter in SSM Parameter Store.
             * @default null
             * @example /shop/feature-flags
             */
            parameter?: string | null;
            /**
             * Secrets Manager secret
             * @description Name or ARN of the secret in AWS Secrets Manager.
             * @default null
             * @example shop/db-password
             */
            secrets_manager?: string | null;
        };
        /**
         * Severity
         * @description What a finding means for the operation.
         * @enum {string}
         */
        Severity: "advisory" | "needs_approval" | "refused";
        /**
         * StateChanged
         * @description The operation moved to another state.
         */
        StateChanged: {
            /** Message */
            message?: string | null;
            /** State */
            state: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "state_changed";
        };
        /**
         * StepAction
         * @description What the engine does with a resource.
         * @enum {string}
         */
        StepAction: "create" | "update" | "replace" | "delete" | "read" | "refresh" | "import" | "same";
        /**
         * StepView
         * @description One thing that the run would do to one resource.
         */
        StepView: {
            action: components["schemas"]["StepAction"];
            /** Changed Properties */
            changed_properties: string[];
            /** Name */
            name: string;
            /** Resource Type */
            resource_type: string;
            /** Urn */
            urn: string;
        };
        /**
         * Summary
         * @description The run's changes, counted.
         */
        Summary: {
            /**
             * Create
             * @default 0
             */
            create?: number;
            /**
             * Delete
             * @default 0
             */
            delete?: number;
            /** Duration Seconds */
            duration_seconds?: number | null;
            /**
             * Replace
             * @default 0
             */
            replace?: number;
            /**
             * Same
             * @default 0
             */
            same?: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "summary";
            /**
             * Update
             * @default 0
             */
            update?: number;
        };
        /**
         * Taint
         * @description Keeps pods off nodes unless they tolerate it.
         */
        Taint: {
            /**
             * Effect
             * @description NO_SCHEDULE, NO_EXECUTE or PREFER_NO_SCHEDULE.
             * @default NO_SCHEDULE
             * @example NO_SCHEDULE
             */
            effect?: components["schemas"]["TaintEffect"];
            /**
             * Key
             * @description The taint's key.
             * @example spot
             */
            key: string;
            /**
             * Value
             * @description The taint's value.
             * @default
             * @example true
             */
            value?: string;
        };
        /**
         * TaintEffect
         * @description What a taint does to pods that do not tolerate it (as EKS names it).
         * @enum {string}
         */
        TaintEffect: "NO_SCHEDULE" | "NO_EXECUTE" | "PREFER_NO_SCHEDULE";
        /**
         * Telemetry
         * @description Who collects metrics and traces on the nodes.
         * @enum {string}
         */
        Telemetry: "none" | "cloudwatch_agent" | "adot";
        /**
         * Tracing
         * @description Where traces go.
         * @enum {string}
         */
        Tracing: "none" | "xray";
        /**
         * Ulimit
         * @description A limit of the operating system; Fargate can change `nofile` alone.
         */
        Ulimit: {
            /**
             * Hard limit
             * @description What the process may raise it to; at least the soft limit.
             * @example 65535
             */
            hard: number;
            /**
             * Limit
             * @description Which limit.
             * @example nofile
             */
            name: components["schemas"]["UlimitName"];
            /**
             * Soft limit
             * @description What holds at start.
             * @example 65535
             */
            soft: number;
        };
        /**
         * UlimitName
         * @description The limits a container can be given (Amazon ECS API, Ulimit).
         * @enum {string}
         */
        UlimitName: "core" | "cpu" | "data" | "fsize" | "locks" | "memlock" | "msgqueue" | "nice" | "nofile" | "nproc" | "rss" | "rtprio" | "rttime" | "sigpending" | "stack";
        /**
         * UpgradePolicy
         * @description What happens when a Kubernetes version leaves standard support.
         * @enum {string}
         */
        UpgradePolicy: "standard" | "extended";
        /**
         * Volume
         * @description A file system and where it is mounted.
         */
        Volume: {
            /**
             * EFS file system
             * @description The file system to mount.
             * @example {
             *       "file_system_id": "fs-0123456789abcdef0"
             *     }
             */
            efs: components["schemas"]["EfsVolume"];
            /**
             * Mount path
             * @description Directory of the container it appears at.
             * @example /var/uploads
             */
            mount_path: string;
            /**
             * Name
             * @description The volume's name, unique in its workload.
             * @example uploads
             */
            name: string;
            /**
             * Read-only
             * @description Whether the workload may only read it.
             * @default false
             * @example false
             */
            read_only?: boolean;
        };
        /**
         * Weekday
         * @description A day of the week, Monday first.
         * @enum {string}
         */
        Weekday: "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
        /**
         * WorkingHours
         * @description The days and hours in which the environment runs; it is paused by the clock outside of them.
         */
        WorkingHours: {
            /**
             * Days
             * @description Days on which it runs. Absent: Monday to Friday.
             * @default [
             *       "mon",
             *       "tue",
             *       "wed",
             *       "thu",
             *       "fri"
             *     ]
             * @example [
             *       "mon",
             *       "tue",
             *       "wed",
             *       "thu",
             *       "fri"
             *     ]
             */
            days?: components["schemas"]["Weekday"][];
            /**
             * End
             * @description When work ends, hh:mm of the same day: it is paused then.
             * @example 18:30
             */
            end: string;
            /**
             * Resume lead
             * @description Minutes before `start` at which it is resumed, so that it runs when work begins.
             * @default 15
             * @example 15
             */
            resume_lead_minutes?: number;
            /**
             * Start
             * @description When work begins, hh:mm by the clock of the time zone.
             * @example 08:00
             */
            start: string;
            /**
             * Time zone
             * @description IANA name; summer time is followed.
             * @default UTC
             * @example Europe/Berlin
             */
            timezone?: string;
        };
        /**
         * Workload
         * @description A container to run, how much of it, and who reaches it.
         */
        Workload: {
            /**
             * Callers
             * @description Workloads that may call this one, besides the load balancer and those whose settings name its host.
             * @default []
             * @example [
             *       "frontend"
             *     ]
             */
            allow_from?: string[];
            /**
             * @description The processor the image is built for.
             * @default x86_64
             * @example x86_64
             * @example arm64
             */
            architecture?: components["schemas"]["Architecture"];
            /**
             * Command
             * @description In place of the image's own command.
             * @default []
             * @example [
             *       "python",
             *       "-m",
             *       "shop.worker"
             *     ]
             */
            command?: string[];
            /**
             * CPU
             * @description CPU units of one copy, sidecars included; 1024 units are one vCPU. On Fargate only the pairs with `memory_mib` that Fargate has.
             * @default 256
             * @example 256
             * @example 1024
             */
            cpu_units?: number;
            /**
             * Starts after
             * @description Sidecars that must be there before the workload's own container starts.
             * @default []
             * @example [
             *       {
             *         "condition": "SUCCESS",
             *         "container": "migrate"
             *       }
             *     ]
             */
            depends_on?: components["schemas"]["Dependency"][];
            /**
             * Entry point
             * @description In place of the image's own entry point.
             * @default []
             * @example [
             *       "/usr/bin/tini",
             *       "--"
             *     ]
             */
            entry_point?: string[];
            /**
             * Settings
             * @description Plain environment variables. `${workloads.NAME.host}` becomes the other workload's address, `${environments.NAME.outputs.KEY}` an output of another environment of the team. Credentials are refused here: they belong in `secrets`.
             * @default {}
             * @example {
             *       "BACKEND_URL": "http://${workloads.backend.host}:8080"
             *     }
             */
            env?: {
                [key: string]: string;
            };
            /**
             * Scratch space
             * @description GiB of disk that live as long as the copy.
             * @default 20
             * @example 20
             * @example 50
             */
            ephemeral_storage_gib?: number;
            /**
             * Exec
             * @description Whether people may open a shell in it: ECS Exec, or a role binding for `kubectl exec`.
             * @default false
             * @example true
             */
            exec?: boolean;
            /**
             * GPUs
             * @description GPUs of one copy; needs GPU instances (`capacity.ec2.gpu`, or an NVIDIA node group).
             * @default 0
             * @example 1
             */
            gpus?: number;
            /**
             * Health check
             * @description A command that says whether a copy is healthy. Absent: it is while it runs, and while the load balancer finds it so.
             * @default null
             * @example {
             *       "command": "curl -f http://localhost:8080/health || exit 1"
             *     }
             */
            health_check?: components["schemas"]["HealthCheck"] | null;
            /**
             * Image
             * @description A reference, or an image of this environment's registry as {repository, tag} or {repository, digest}. The tag `latest` is refused for class production.
             * @example public.ecr.aws/nginx/nginx:1.27
             * @example {
             *       "repository": "backend",
             *       "tag": "v2.1.3"
             *     }
             */
            image: string | components["schemas"]["RepositoryImage"];
            /**
             * Memory
             * @description Memory of one copy in MiB, sidecars included.
             * @default 512
             * @example 512
             * @example 2048
             */
            memory_mib?: number;
            /**
             * Name
             * @description DNS label, unique in the environment.
             * @example backend
             */
            name: string;
            /**
             * Permissions
             * @description What the workload may do in AWS beyond reading its secrets.
             * @default []
             * @example [
             *       {
             *         "actions": [
             *           "s3:GetObject"
             *         ],
             *         "resources": [
             *           "arn:aws:s3:::shop-uploads/*"
             *         ]
             *       }
             *     ]
             */
            permissions?: components["schemas"]["Permission"][];
            /**
             * Ports
             * @description Ports the container listens on. None: a worker that nobody calls.
             * @default []
             * @example [
             *       {
             *         "name": "http",
             *         "port": 8080
             *       }
             *     ]
             */
            ports?: components["schemas"]["Port"][];
            /**
             * Public
             * @description Exposes the first port on the environment's load balancer; `{}` takes every default. Absent: private.
             * @default null
             * @example {
             *       "health_path": "/health",
             *       "path": "/"
             *     }
             */
            public?: components["schemas"]["Exposure"] | null;
            /**
             * Read-only root file system
             * @description Whether the container may write to `writable_paths` only. Absent: true, but false with `exec` on ECS, whose agent must write.
             * @example true
             */
            read_only_root_filesystem?: boolean;
            /**
             * Copies
             * @default {
             *       "desired": 1,
             *       "max": 1,
             *       "min": 1
             *     }
             * @example {
             *       "desired": 2,
             *       "max": 10,
             *       "min": 2
             *     }
             */
            replicas?: components["schemas"]["Replicas"];
            /**
             * @description How a new version takes over.
             * @default {
             *       "bake_minutes": 5,
             *       "canary_bake_minutes": 5,
             *       "canary_percent": 10,
             *       "circuit_breaker": {
             *         "enabled": true,
             *         "rollback": true
             *       },
             *       "controller": "ecs",
             *       "hooks": [],
             *       "linear_bake_minutes": 1,
             *       "linear_percent": 10,
             *       "maximum_percent": 200,
             *       "minimum_healthy_percent": 100,
             *       "rollback_alarms": [],
             *       "stable_image": null,
             *       "steps": [],
             *       "strategy": "rolling"
             *     }
             * @example {
             *       "strategy": "rolling"
             *     }
             */
            rollout?: components["schemas"]["Rollout"];
            /**
             * Scaling
             * @description What the number of copies follows. Absent: it stays as desired.
             * @default null
             * @example {
             *       "cpu_percent": 70
             *     }
             */
            scaling?: components["schemas"]["Scaling"] | null;
            /**
             * Secrets
             * @description Secrets handed over as environment variables; IAM grants exactly these.
             * @default []
             * @example [
             *       {
             *         "name": "DB_PASSWORD",
             *         "secrets_manager": "shop/db-password"
             *       }
             *     ]
             */
            secrets?: components["schemas"]["Secret"][];
            /**
             * Sidecars
             * @description `xray`, `otel`, `fluent_bit`, `cloudwatch_agent`, or containers of one's own.
             * @default []
             * @example [
             *       "xray"
             *     ]
             * @example [
             *       "fluent_bit",
             *       {
             *         "image": "public.ecr.aws/nginx/nginx:1.27",
             *         "name": "proxy"
             *       }
             *     ]
             */
            sidecars?: (components["schemas"]["KnownSidecar"] | components["schemas"]["OwnSidecar"])[];
            /**
             * Stop timeout
             * @description Seconds between the request to stop and the kill.
             * @default 30
             * @example 30
             */
            stop_timeout_seconds?: number;
            /**
             * Limits of the operating system
             * @description ECS alone; Fargate can change `nofile` alone.
             * @default []
             * @example [
             *       {
             *         "hard": 65535,
             *         "name": "nofile",
             *         "soft": 65535
             *       }
             *     ]
             */
            ulimits?: components["schemas"]["Ulimit"][];
            /**
             * User
             * @description Numeric user, or user:group, it runs as. Absent: the image's own on ECS; 10001 on EKS, where Pod Security `restricted` admits no root.
             * @default null
             * @example 1000
             * @example 1000:1000
             */
            user?: string | null;
            /**
             * Volumes
             * @description File systems to mount.
             * @default []
             * @example [
             *       {
             *         "efs": {
             *           "file_system_id": "fs-0123456789abcdef0"
             *         },
             *         "mount_path": "/var/uploads",
             *         "name": "uploads"
             *       }
             *     ]
             */
            volumes?: components["schemas"]["Volume"][];
            /**
             * Writable paths
             * @description Directories that are empty and writable at start when the root file system is read-only; the default is what common public images write to. On ECS they belong to root: for another user the image must declare each as a `VOLUME` that this user may write to.
             * @default [
             *       "/tmp",
             *       "/run",
             *       "/var/cache/nginx"
             *     ]
             * @example [
             *       "/var/cache/app"
             *     ]
             */
            writable_paths?: string[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_environments: {
        parameters: {
            query?: {
                /** @description Items on a page at most */
                page_size?: number;
                /** @description `next_page_token` of the page before; absent for the first page */
                page_token?: string;
                team?: string;
                name?: string;
                status?: components["schemas"]["EnvironmentStatus"];
                orchestrator?: string;
                /** @description Show destroyed ones among the others */
                include_destroyed?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_EnvironmentSummary_"];
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: The input is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_environment: {
        parameters: {
            query?: {
                /** @description `deploy` it, or only `preview` what a deploy would do; a later operation may deploy */
                operation?: components["schemas"]["RequestKind"];
            };
            header?: {
                /** @description Any text of your own, new for each request (a UUID, say). A repetition with the same key within 24 hours gets the first answer again instead of doing the work twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The environment that is wanted. Pick an example above the editor to begin with. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnvironmentRequest"];
            };
        };
        responses: {
            /** @description Begun: follow the operation */
            202: {
                headers: {
                    /** @description The revision, for If-Match */
                    ETag?: string;
                    /** @description What was made or changed */
                    Location?: string;
                    /** @description The operation to follow */
                    "Operation-Location"?: string;
                    /** @description Seconds until looking again makes sense */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedView"];
                };
            };
            /** @description `malformed_body`: The body is not usable JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `environment_exists`: The team has an environment of this name; `quota_exceeded`: The request does not fit into the team's quota; `idempotency_key_in_flight`: A request with this Idempotency-Key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body's media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The environment request is not valid; `idempotency_key_reused`: The Idempotency-Key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_environment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    /** @description The revision, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentView"];
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `environment_not_found`: No such environment */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_environment: {
        parameters: {
            query?: {
                /** @description `deploy` it, or only `preview` what a deploy would do; a later operation may deploy */
                operation?: components["schemas"]["RequestKind"];
                /** @description Where others run or wait: `queue` behind them, be `refuse`d, `replace` the last waiting one of this kind, or be the `latest` and replace all that wait. Absent: this installation's rule, else `queue` */
                queue?: components["schemas"]["QueuePolicy"];
            };
            header?: {
                /** @description The ETag of the revision that the change is based on, or `*` */
                "If-Match"?: string;
                /** @description Any text of your own, new for each request (a UUID, say). A repetition with the same key within 24 hours gets the first answer again instead of doing the work twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                environment_id: string;
            };
            cookie?: never;
        };
        /** @description JSON merge patch (RFC 7396): what is given replaces, null removes, lists are whole. */
        requestBody: {
            content: {
                "application/json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Begun: follow the operation */
            202: {
                headers: {
                    /** @description The revision, for If-Match */
                    ETag?: string;
                    /** @description What was made or changed */
                    Location?: string;
                    /** @description The operation to follow */
                    "Operation-Location"?: string;
                    /** @description Seconds until looking again makes sense */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedView"];
                };
            };
            /** @description `malformed_body`: The body is not usable JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `environment_not_found`: No such environment */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `environment_busy`: Too many operations wait for this environment; `environment_frozen`: The environment is frozen; `environment_destroyed`: The environment is destroyed or being destroyed; `quota_exceeded`: The request does not fit into the team's quota; `idempotency_key_in_flight`: A request with this Idempotency-Key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `revision_changed`: The resource has changed since it was read */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body's media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The environment request is not valid; `idempotency_key_reused`: The Idempotency-Key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `if_match_required`: An If-Match header is required */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_drift_reports: {
        parameters: {
            query?: {
                /** @description Items on a page at most */
                page_size?: number;
                /** @description `next_page_token` of the page before; absent for the first page */
                page_token?: string;
            };
            header?: never;
            path: {
                environment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DriftReportView_"];
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `environment_not_found`: No such environment */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: The input is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    extend_environment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, new for each request (a UUID, say). A repetition with the same key within 24 hours gets the first answer again instead of doing the work twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                environment_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExtensionWanted"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    /** @description The revision, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentView"];
                };
            };
            /** @description `malformed_body`: The body is not usable JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `environment_not_found`: No such environment */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `environment_not_expiring`: The environment has no time to live; `environment_destroyed`: The environment is destroyed or being destroyed; `idempotency_key_in_flight`: A request with this Idempotency-Key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body's media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: The input is not valid; `invalid_request`: The environment request is not valid; `idempotency_key_reused`: The Idempotency-Key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_operations: {
        parameters: {
            query?: {
                kind?: components["schemas"]["OperationKind"];
                state?: components["schemas"]["OperationState"];
                /** @description Items on a page at most */
                page_size?: number;
                /** @description `next_page_token` of the page before; absent for the first page */
                page_token?: string;
            };
            header?: never;
            path: {
                environment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OperationView_"];
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `environment_not_found`: No such environment */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: The input is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_operation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, new for each request (a UUID, say). A repetition with the same key within 24 hours gets the first answer again instead of doing the work twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                environment_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperationWanted"];
            };
        };
        responses: {
            /** @description Begun: follow the operation */
            202: {
                headers: {
                    /** @description The revision, for If-Match */
                    ETag?: string;
                    /** @description What was made or changed */
                    Location?: string;
                    /** @description The operation to follow */
                    "Operation-Location"?: string;
                    /** @description Seconds until looking again makes sense */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedView"];
                };
            };
            /** @description `malformed_body`: The body is not usable JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `environment_not_found`: No such environment; `plan_not_found`: No such plan; `state_version_not_found`: No such state version */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `plan_stale`: The plan no longer holds; `plan_refused`: The plan breaks a rule; `environment_busy`: Too many operations wait for this environment; `environment_frozen`: The environment is frozen; `environment_destroyed`: The environment is destroyed or being destroyed; `environment_protected`: The environment is protected; `environment_has_dependants`: Other environments use this one; `idempotency_key_in_flight`: A request with this Idempotency-Key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body's media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The Idempotency-Key was used for another request; `invalid_input`: The input is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_outputs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutputList"];
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `environment_not_found`: No such environment */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_references: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReferencesView"];
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `environment_not_found`: No such environment */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_operation: {
        parameters: {
            query?: {
                /** @description Seconds to wait for its end before answering */
                wait?: number;
            };
            header?: never;
            path: {
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationDetail"];
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_not_found`: No such operation */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: The input is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approve_operation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, new for each request (a UUID, say). A repetition with the same key within 24 hours gets the first answer again instead of doing the work twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanWord"];
            };
        };
        responses: {
            /** @description Begun: follow the operation */
            202: {
                headers: {
                    /** @description The revision, for If-Match */
                    ETag?: string;
                    /** @description What was made or changed */
                    Location?: string;
                    /** @description The operation to follow */
                    "Operation-Location"?: string;
                    /** @description Seconds until looking again makes sense */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedView"];
                };
            };
            /** @description `malformed_body`: The body is not usable JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_not_found`: No such operation; `plan_not_found`: No such plan */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_state`: The operation is not in a state that allows this; `plan_changed`: The operation has another plan than the one approved; `idempotency_key_in_flight`: A request with this Idempotency-Key is being answered; `plan_stale`: The plan no longer holds; `self_approval`: Somebody else must approve */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body's media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The Idempotency-Key was used for another request; `invalid_input`: The input is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_operation_events: {
        parameters: {
            query?: {
                /** @description Only events behind this row number */
                after?: number;
                /** @description Events on a page at most */
                page_size?: number;
            };
            header?: {
                /** @description As a browser's EventSource sends it; comes before `after` */
                "Last-Event-ID"?: number;
            };
            path: {
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page; or, with `Accept: text/event-stream`, a stream that ends with the event `done` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsPage"];
                    /**
                     * @example id: 42
                     *     event: state_changed
                     *     data: {"id":42,"operation_id":"op_0192f0c1a7b87c3d9e5f60718293a4b5","sequence":2,"at":"2026-11-23T08:00:00Z","payload":{"type":"state_changed","state":"running","message":null}}
                     *
                     *     event: done
                     *     data: {"state":"succeeded"}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_not_found`: No such operation */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: The input is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_plan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanView"];
                };
            };
            /** @description `unauthenticated`: Authentication is required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forwarding_refused`: The caller may not ask on behalf of others; `permission_denied`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_not_found`: No such operation; `plan_not_found`: No such plan */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the service */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
