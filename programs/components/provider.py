"""The one AWS provider of a stack."""

import pulumi_aws as aws

from programs.facts import Cloud, Facts


def make_provider(facts: Facts, tags: dict[str, str]) -> aws.Provider:
    """Return the provider that every resource of the stack uses.

    It names no role and no session: these differ by operation, and belong to the engine's environment
    (docs/adr/0015-the-role-of-a-run-is-a-profile.md). `allowed_account_ids` makes a wrong credential fail
    before anything is made.
    """
    args = aws.ProviderArgs(
        region=facts.region,
        allowed_account_ids=[facts.account_id],
        default_tags=aws.ProviderDefaultTagsArgs(tags=tags),
        endpoints=_endpoints(facts),
        s3_use_path_style=facts.endpoint_url is not None,
    )
    if facts.cloud is Cloud.SANDBOX or facts.endpoint_url is not None:
        args.skip_credentials_validation = True
        args.skip_requesting_account_id = True
        args.skip_metadata_api_check = True
        args.allowed_account_ids = None
    return aws.Provider("aws", args)


def _endpoints(facts: Facts) -> list[aws.ProviderEndpointArgs] | None:
    url = facts.endpoint_url
    if url is None:
        return None
    return [
        aws.ProviderEndpointArgs(
            acm=url,
            acmpca=url,
            appautoscaling=url,
            appmesh=url,
            autoscaling=url,
            cloudwatch=url,
            codedeploy=url,
            ec2=url,
            ecr=url,
            ecs=url,
            efs=url,
            eks=url,
            elbv2=url,
            iam=url,
            kms=url,
            lambda_=url,
            logs=url,
            route53=url,
            s3=url,
            secretsmanager=url,
            servicediscovery=url,
            sns=url,
            ssm=url,
            sts=url,
            vpclattice=url,
            wafv2=url,
        )
    ]
