package com.posthog.aigateway.provider;

import com.posthog.aigateway.catalogue.Auth;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// Who we are at AWS: credentials that hold now.
@FunctionalInterface
interface AwsIdentity {

    AwsCredentialsIdentity now(Auth.Aws account) throws NoCredential;
}
