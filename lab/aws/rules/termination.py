"""A terminated instance lets go of its Elastic IPs and of the interfaces that outlive it."""

from moto.ec2.models.instances import Instance


def install():
    terminate = Instance.terminate

    def terminate_and_let_go(self):
        before = terminate(self)
        for interface in self.nics.values():
            for address in self.ec2_backend.addresses:
                if address.eni is interface:
                    address.instance = address.eni = address.association_id = None
            if not interface.delete_on_termination:
                # Not detach_eni(): DescribeInstances still reads the interfaces of a terminated instance.
                interface.instance = interface.attachment_id = interface.attach_time = interface.device_index = None
                interface.status = "available"
            interface.public_ip = None
        return before

    Instance.terminate = terminate_and_let_go
