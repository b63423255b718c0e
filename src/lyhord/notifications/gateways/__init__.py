"""The services that carry text messages, one file each: found by `gateway.GATEWAYS`, imported by nobody."""
